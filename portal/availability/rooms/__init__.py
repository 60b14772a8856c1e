"""Rooms in which people meet: what they are called, where they are, how many they seat."""
