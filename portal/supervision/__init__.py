"""跟踪督促: early warnings, monthly payment plans, bulletins, letters."""
