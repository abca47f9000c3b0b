"""The words for what is carried from room to room. Standard library only; every room may import it."""
