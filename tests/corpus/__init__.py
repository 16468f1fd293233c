"""Files as attackers, accidents and old programs make them, built when they are needed, never stored."""
