"""Pictures as numpy arrays: the stamp, marker and reference content of docs/stamp.md, and y4m files."""

import re

import numpy

SYNC = 0xA5
CELL = 16
COLUMNS = 32


def crc8(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 7 if crc & 0x80 else crc << 1) & 0xFF
    return crc


def draw_stamp(luma, frame, time_us):
    """Writes the stamp into the top left of a luma plane."""
    data = bytes([SYNC]) + (frame & 0xFFFF).to_bytes(2, "big") + (time_us & 0xFFFFFFFF).to_bytes(4, "big")
    bits = numpy.unpackbits(numpy.frombuffer(data + bytes([crc8(data)]), numpy.uint8))
    cells = numpy.where(bits, 235, 16).astype(numpy.uint8).reshape(2, COLUMNS)
    luma[: 2 * CELL, : COLUMNS * CELL] = cells.repeat(CELL, 0).repeat(CELL, 1)


def read_stamp(luma):
    """The frame number and the time in µs that a picture carries; None when it can't be read."""
    cells = luma[: 2 * CELL, : COLUMNS * CELL].reshape(2, CELL, COLUMNS, CELL)
    means = cells[:, 4:12, :, 4:12].mean(axis=(1, 3))
    data = numpy.packbits(means.reshape(-1) >= 126).tobytes()
    if data[0] != SYNC or crc8(data[:7]) != data[7]:
        return None
    return int.from_bytes(data[1:3], "big"), int.from_bytes(data[3:7], "big")


def read_marker(luma):
    """What the simulated car was told, and how fast it was, as (steering, throttle, speed in m/s); None when the picture
    has no marker that can be read."""
    cells = luma[-12:-4, :320].reshape(8, 40, 8)
    data = numpy.packbits(cells[:, :, 2:6].mean(axis=(0, 2)) >= 120).tobytes()
    if data[0] != 0xC3 or crc8(data[:4]) != data[4]:
        return None
    steering, throttle, speed = numpy.frombuffer(data[1:4], numpy.int8).tolist()
    return steering / 127, throttle / 127, speed / 10


def reference_luma(number, width, height):
    """The luma of the reference content, without its noise block and stamp."""
    x, y = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
    p = (x + y + number * 1024 // 300) & 511
    return 40 + (numpy.minimum(p, 511 - p) * 160 >> 8)


def write_y4m(path, width, height, lumas):
    """A file of grey pictures, 30 a second."""
    chroma = bytes([128]) * (width * height // 2)
    with open(path, "wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F30:1 Ip A1:1 C420jpeg\n".encode())
        for luma in lumas:
            file.write(b"FRAME\n" + luma.astype(numpy.uint8).tobytes() + chroma)


def read_y4m(path):
    """The pictures of a file as (luma, u, v); what was cut off at its end is left out."""
    with open(path, "rb") as file:
        header = file.readline().decode()
        width, height = (int(re.search(rf" {key}(\d+)", header)[1]) for key in "WH")
        size = width * height * 3 // 2
        while file.readline() == b"FRAME\n":
            data = numpy.frombuffer(file.read(size), numpy.uint8)
            if len(data) < size:
                return
            u, v = data[width * height :].reshape(2, height // 2, width // 2)
            yield data[: width * height].reshape(height, width), u, v


def stamped_numbers(path):
    """The frame numbers in a file's pictures, None for each that can't be read. One that is repeated to keep the time
    counts once."""
    stamps = [read_stamp(luma) for luma, _, _ in read_y4m(path)]
    numbers = [stamp and stamp[0] for stamp in stamps]
    return [number for number, before in zip(numbers, [-1, *numbers]) if number is None or number != before]
