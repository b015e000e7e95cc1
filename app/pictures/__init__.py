"""Photographs that people upload: read with care, turned upright, kept in sizes without their metadata."""
