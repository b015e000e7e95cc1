"""The laptop's own video room: a plain WebRTC call between two browsers, signalled through the app.

It obeys the same rows and sends the same signed events as a Jitsi server; production refuses it.
"""
