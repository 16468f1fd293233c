"""公示栏: notices on the boards of villages and townships, their posters, photos and objections."""
