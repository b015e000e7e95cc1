"""What the office tells casts and guests (お知らせ, C25)."""
