"""The pictures themselves: decoded, hashed, compared, made smaller."""
