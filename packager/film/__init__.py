"""Moving pictures and sound: what ffmpeg makes of a source, in containers that hold nothing else.

ffmpeg decodes and encodes, and gives bare streams. Their frames are parted here, and written into files whose every
byte has a place in the format: no names, no times, no room for remarks.
"""
