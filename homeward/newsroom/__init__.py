"""Small newspapers on loopback, for the demo and the tests."""
