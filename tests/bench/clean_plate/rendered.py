"""Cases that are rendered here, with exact cameras: pans inside HDR panoramas, and a scene of textured planes."""
import base64
import dataclasses
import functools
import json
import re

import cv2
import numpy as np

from clean_plate import geometry, pictures
from clean_plate.case import FIRST_FRAME, Case, along, grain, rectangle, with_seen, write_case

BLENDER_WORLDS = "/usr/share/blender/datafiles/studiolights/world"
SIZE = (480, 270)
VIEW_DEG = 72.0                                # a panorama of 1024 pixels has 205 of them in view
PAN_DEG = 24.0

# Where a hole hides what could be guessed: the panorama's (u, v), 0 to 1 from its top left corner.
PLACES = {"city": (0.065, 0.40), "courtyard": (0.83, 0.62), "interior": (0.25, 0.44), "forest": (0.27, 0.62),
          "workshop": (0.62, 0.62), "hall": (0.5, 0.62)}


def load_panorama(path):
    """An EXR, or a module of the npm package @pmndrs/assets that holds one as base64."""
    if path.suffix == ".exr":
        return without_ringing(pictures.read_rgb(path))
    data = re.search(r"base64,([^\"'`]+)", path.read_text()).group(1)
    plain = path.with_suffix("")
    plain.write_bytes(base64.b64decode(data))
    return without_ringing(pictures.read_rgb(plain))


def without_ringing(panorama):
    """These files were made smaller with a filter that left rings of black around their lamps, as no lens does."""
    encoded = pictures.log(panorama)
    level = cv2.medianBlur(encoded, 5)
    beside_lamp = cv2.dilate(encoded, np.ones((7, 7))) > level + 3
    return np.where(beside_lamp & (encoded < level - 0.5), pictures.linear_from_log(level), np.maximum(panorama, 0))


def direction(u, v):
    longitude, latitude = (0.5 - u) * 2 * np.pi, (0.5 - v) * np.pi
    return np.array([-np.sin(longitude) * np.cos(latitude), np.sin(latitude), -np.cos(longitude) * np.cos(latitude)])


def view(panorama_log, camera):
    """What a camera sees inside the panorama, through a lens that spreads a point over a pixel or two."""
    fine = enlarged(camera, 2)
    picture = cv2.GaussianBlur(directions_seen(panorama_log, fine), (0, 0), 1.6)
    return cv2.resize(picture, camera.size, interpolation=cv2.INTER_AREA)


def enlarged(camera, times):
    return dataclasses.replace(camera, focal_px=camera.focal_px * times, size=tuple(n * times for n in camera.size))


def directions_seen(panorama_log, camera):
    """The panorama at the pixel centres: the same function of direction for every camera."""
    height, width = panorama_log.shape[:2]
    rays = camera.rays(geometry.pixel_centres(np.ones(camera.size[::-1], bool)))
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    u = 0.5 - np.arctan2(-rays[:, 0], -rays[:, 2]) / (2 * np.pi)
    v = 0.5 - np.arcsin(rays[:, 1]) / np.pi
    wrapped = np.pad(panorama_log, ((0, 0), (8, 8), (0, 0)), mode="wrap")
    x, y = (u * width + 8).astype(np.float32) - 0.5, (v * height).astype(np.float32) - 0.5
    x, y = x.reshape(camera.size[::-1]), y.reshape(camera.size[::-1])
    seen = cv2.remap(wrapped, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    # A cubic overshoots by stops beside a sun: stay within the neighbours' range.
    lowest, highest = (cv2.remap(extreme(wrapped, np.ones((3, 3))), x, y, cv2.INTER_LINEAR)
                       for extreme in (cv2.erode, cv2.dilate))
    return pictures.linear_from_log(np.clip(seen, lowest, highest))


def pan(towards, count):
    """A nodal pan that has a direction in its middle; with a little pitch and roll."""
    focal = SIZE[0] / 2 / np.tan(np.radians(VIEW_DEG / 2))
    yaw = np.degrees(np.arctan2(-towards[0], -towards[2]))
    pitch = np.clip(np.degrees(np.arcsin(towards[1])), -28, 28)
    cameras = []
    for t in np.linspace(-0.5, 0.5, count):
        turned = geometry.rotation(pitch + 2 * np.sin(5 * t), yaw - PAN_DEG * t, 1.5 * t)
        cameras.append(geometry.PinholeCamera(np.zeros(3), turned, focal, SIZE))
    return cameras


def pan_motion(cameras):
    """Exact: between views from one point lies a homography."""
    def intrinsics(camera):
        return np.array([[camera.focal_px, 0, -camera.size[0] / 2], [0, -camera.focal_px, -camera.size[1] / 2],
                         [0, 0, -1.0]])

    base = cameras[len(cameras) // 2]
    return geometry.HomographyMotion([intrinsics(base) @ base.world_from_camera.T @ camera.world_from_camera
                                      @ np.linalg.inv(intrinsics(camera)) for camera in cameras])


def pan_case(name, about, folder, panorama, towards, shifts, extent, seed):
    """A hole at a direction, moved aside by a number of pixels a frame."""
    random = np.random.default_rng(seed)
    cameras = pan(towards, len(shifts))
    centres = [camera.project(towards[None])[0][0] + shift for camera, shift in zip(cameras, shifts)]
    holes = [rectangle(SIZE, centre, extent) for centre in centres]
    encoded = pictures.log(panorama)
    case = Case(name, about, folder / name, holes, holes, pan_motion(cameras), [], [], hdr=True, show=len(shifts) // 2)
    return write_case(with_seen(case, 3), lambda index: grain(view(encoded, cameras[index]), random), random)


def pan_moving(name, panorama, folder, count):
    """The hole passes over the brightest thing that is not overhead."""
    height = panorama.shape[0]
    band = panorama.sum(axis=2)[height // 4:height * 5 // 8]
    row, column = np.unravel_index(np.argmax(band), band.shape)
    towards = direction((column + 0.5) / panorama.shape[1], (row + height // 4 + 0.5) / height)
    return pan_case(f"pano_{name}_moving", f"nodal pan inside '{name}', a hole passes over its brightest light", folder,
                    panorama, towards, along((-120, 8), (120, -8), count), (72, 74), 11)


def pan_fixed(name, panorama, folder, count):
    towards = direction(*PLACES.get(name, (0.3, 0.6)))
    return pan_case(f"pano_{name}_fixed", f"nodal pan inside '{name}', the hole sticks to the scene: never seen", folder,
                    panorama, towards, along((0, 0), (0, 0), count), (66, 74), 12)


# --- Textured planes under a translating camera.

class Plane:
    """A rectangle in space with a texture: origin is its top left corner, across and down are its edges, in metres."""

    def __init__(self, texture, origin, across, down):
        self.texture = texture
        self.origin, self.across, self.down = (np.array(v, float) for v in (origin, across, down))

    def hit(self, position, rays):
        """Planar distance along each ray (infinite where it misses) and texture coordinates, 0 to 1."""
        normal = np.cross(self.across, self.down)
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = (self.origin - position) @ normal / (rays @ normal)
            local = position + rays * distance[:, None] - self.origin
        s, t = local @ self.across / (self.across @ self.across), local @ self.down / (self.down @ self.down)
        misses = ~((distance > 0.1) & (s >= 0) & (s < 1) & (t >= 0) & (t < 1))
        return np.where(misses, np.inf, distance), np.stack([s, t], axis=1)


def dead_leaves(random, shape, tint, smallest=4, largest=120):
    """Opaque discs upon each other, sized like the things in photographs (Lee, Mumford and Huang 2001)."""
    height, width = shape
    texture = np.full((height, width, 3), tint, np.float32)
    for _ in range(height * width // 250):
        radius = 1 / np.sqrt(random.uniform(1 / largest ** 2, 1 / smallest ** 2))
        centre = (int(random.uniform(0, width)), int(random.uniform(0, height)))
        colour = np.array(tint) * random.uniform(0.25, 2.0) * random.uniform(0.7, 1.3, 3)
        cv2.circle(texture, centre, int(radius), [float(c) for c in colour], -1, cv2.LINE_8)
    return cv2.GaussianBlur(texture, (0, 0), 1.0)


def parallax_scene(random):
    """Hills far away, a wall that ends in the picture, and the ground."""
    return [Plane(dead_leaves(random, (700, 1400), (0.30, 0.36, 0.42)), (-60, 34, -60), (120, 0, 0), (0, -60, 0)),
            Plane(dead_leaves(random, (700, 1000), (0.35, 0.20, 0.12)), (-7, 4.2, -11), (9, 0, 0), (0, -6, 0)),
            Plane(dead_leaves(random, (1400, 1400), (0.16, 0.16, 0.15)), (-40, -1.6, -62), (80, 0, 0), (0, 0, 61.5))]


def render(planes, camera, supersampling=2):
    """The picture, box-filtered, and the depth at pixel centres."""
    colour, _ = _trace(planes, enlarged(camera, supersampling))
    _, depth = _trace(planes, camera)
    return cv2.resize(colour, camera.size, interpolation=cv2.INTER_AREA), depth


def _trace(planes, camera):
    width, height = camera.size
    rays = camera.rays(geometry.pixel_centres(np.ones((height, width), bool)))
    nearest = np.full(len(rays), 1e4)
    colour = np.full((len(rays), 3), (0.5, 0.65, 0.9), np.float32)
    for plane in planes:
        distance, at = plane.hit(camera.position, rays)
        closer = distance < nearest
        nearest[closer] = distance[closer]
        colour[closer] = geometry.sample(plane.texture, at[closer] * plane.texture.shape[1::-1], cv2.INTER_LINEAR)
    return colour.reshape(height, width, 3), nearest.reshape(height, width).astype(np.float32)


@functools.lru_cache(maxsize=1)
def parallax_frames(count):
    planes = parallax_scene(np.random.default_rng(21))
    cameras = [geometry.PinholeCamera(np.array([0.9 * t, 0.05 * np.sin(9 * t), -0.2 * t]),
                                      geometry.rotation(1.0 + 0.5 * t, 3 * t, 0.3 * t), 800.0, (960, 540))
               for t in np.linspace(-0.5, 0.5, count)]
    return cameras, [render(planes, camera) for camera in cameras]


def parallax_moving(folder, count, camera_known):
    size, random = (960, 540), np.random.default_rng(22)
    cameras, frames = parallax_frames(count)
    holes = [rectangle(size, centre, (120, 130)) for centre in along((160, 300), (800, 270), count)]
    name = "parallax_moving" + ("_camera" if camera_known else "")
    case = Case(name, "three planes, the camera moves 0.9 m sideways" + (", camera known" if camera_known else ""),
                folder / name, holes, holes, geometry.SceneMotion(cameras, [depth for _, depth in frames]), [], [],
                parallax=True, show=count // 2)
    if camera_known:
        case.camera = write_camera(case.folder, cameras)
    return write_case(with_seen(case, 3), lambda index: grain(frames[index][0], random), random)


def write_camera(folder, cameras):
    frames = []
    for index, camera in enumerate(cameras):
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = camera.world_from_camera, camera.position
        fov = 2 * np.degrees(np.arctan(camera.size[1] / 2 / camera.focal_px))
        frames.append({"frame": FIRST_FRAME + index, "world_from_camera": matrix.tolist(), "vertical_fov_deg": fov})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "camera.json").write_text(json.dumps({"frames": frames}))
    return '[camera]\npath = "camera.json"\nup = "y"\nfilm_back_mm = [36.0, 20.25]\n'
