"""Pictures on disk and the encodings in which they are compared."""
import cv2
import numpy as np
import OpenImageIO as oiio

LOG_EPSILON = 2.0 ** -8


def read(path, channels):
    """The named channels as one float array, or None if the file lacks any of them."""
    source = oiio.ImageInput.open(str(path))
    if source is None:
        raise SystemExit(f"clean_plate: cannot open '{path}': {oiio.geterror()}")
    names = list(source.spec().channelnames)
    picture = source.read_image(format="float")
    source.close()
    if not all(name in names for name in channels):
        return None
    return np.ascontiguousarray(picture[:, :, [names.index(name) for name in channels]])


def read_rgb(path):
    return read(path, "RGB")


def write(path, picture, channels="RGB"):
    """A half ZIP EXR; pictures of one channel may be two-dimensional."""
    picture = np.ascontiguousarray(picture, np.float32).reshape(*picture.shape[:2], len(channels))
    spec = oiio.ImageSpec(picture.shape[1], picture.shape[0], len(channels), "half")
    spec.channelnames = tuple(channels)
    spec.attribute("compression", "zip")
    path.parent.mkdir(parents=True, exist_ok=True)
    output = oiio.ImageOutput.create(str(path))
    if not output or not output.open(str(path), spec) or not output.write_image(picture) or not output.close():
        raise SystemExit(f"clean_plate: cannot write '{path}': {oiio.geterror()}")


def as_half(picture):
    """What is left of a picture after it was stored: ground truth must have been through the same rounding."""
    return np.minimum(picture, 65504.0).astype(np.float16).astype(np.float32)


def srgb(linear):
    """Encoded for a display, 0 to 1."""
    x = np.clip(linear, 0.0, 1.0)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.power(x, 1 / 2.4) - 0.055).astype(np.float32)


def linear_from_srgb(encoded):
    x = np.asarray(encoded, np.float32)
    return np.where(x <= 0.04045, x / 12.92, np.power((x + 0.055) / 1.055, 2.4)).astype(np.float32)


def log(linear):
    """A stop counts the same in the shade and in the sun: 0 at black, 8 at 1.0."""
    return np.log2(np.maximum(linear, 0.0) / LOG_EPSILON + 1.0).astype(np.float32)


def linear_from_log(encoded):
    return ((np.exp2(encoded) - 1.0) * LOG_EPSILON).astype(np.float32)


def eight_bit(linear):
    return np.rint(srgb(linear) * 255).astype(np.uint8)


def write_png(path, rgb):
    """8-bit R G B, or a float picture of 0 to 1 that is encoded already."""
    if rgb.dtype != np.uint8:
        rgb = np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.ascontiguousarray(rgb[:, :, ::-1]), [cv2.IMWRITE_PNG_COMPRESSION, 6])


def grow(mask, pixels):
    """A mask with its edge moved outwards, or inwards if negative."""
    if pixels == 0:
        return mask
    size = 2 * abs(pixels) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    work = cv2.dilate if pixels > 0 else cv2.erode
    return work(mask.astype(np.uint8), kernel, borderType=cv2.BORDER_REPLICATE).astype(bool)


def box_around(mask, margin):
    """x0, y0, x1, y1 (exclusive) around what is set, with a margin, inside the picture; the whole of it if nothing is."""
    ys, xs = np.nonzero(mask)
    height, width = mask.shape
    if len(xs) == 0:
        return 0, 0, width, height
    return (max(0, xs.min() - margin), max(0, ys.min() - margin),
            min(width, xs.max() + 1 + margin), min(height, ys.max() + 1 + margin))
