"""How points move between frames, and which pixels behind a hole another frame has seen.

Points are N x 2 arrays of pixel coordinates, with pixel centres at +0.5, y down.
"""
import dataclasses

import cv2
import numpy as np

from clean_plate import pictures


def pixel_centres(mask):
    ys, xs = np.nonzero(mask)
    return np.stack([xs + 0.5, ys + 0.5], axis=1)


def transform(homography, points):
    carried = np.c_[points, np.ones(len(points))] @ homography.T
    return carried[:, :2] / carried[:, 2:]


def sample(picture, points, interpolation=cv2.INTER_CUBIC):
    """Values of a picture at points, as N x channels."""
    if len(points) == 0:
        return np.zeros((0, picture[0, 0].size), picture.dtype)
    # remap takes at most 32767 rows, so points are laid out as an area.
    width = 4096
    padded = np.zeros((-(-len(points) // width) * width, 2), np.float32)
    padded[:len(points)] = points - 0.5
    grid = padded.reshape(-1, width, 2)
    values = cv2.remap(picture, grid[..., 0], grid[..., 1], interpolation, borderMode=cv2.BORDER_REPLICATE)
    return values.reshape(len(padded), -1)[:len(points)]


def inside(points, size, margin):
    return ((points >= margin) & (points <= np.array(size) - margin)).all(axis=1)


class HomographyMotion:
    """A scene without parallax."""

    def __init__(self, base_from_frame):
        self.base_from_frame = base_from_frame

    def matrix(self, source, target):
        return np.linalg.inv(self.base_from_frame[target]) @ self.base_from_frame[source]

    def positions(self, source, target, points):
        """Where the points of one frame lie in another, and whether they are visible there."""
        return transform(self.matrix(source, target), points), np.ones(len(points), bool)


class FlowMotion(HomographyMotion):
    """A real plate: a homography, then the dense optical flow of the ground truth that is left after it.

    For stabilising only. Which pixels were seen follows from the homographies and a wide margin.
    """

    def __init__(self, base_from_frame, truth):
        super().__init__(base_from_frame)
        self.truth = truth                     # a function of the index

    def stabilised(self, source, target, points):
        x0, y0, x1, y1 = (int(v) for v in (*(points.min(axis=0) - 48), *(points.max(axis=0) + 48)))
        x0, y0 = max(x0, 0), max(y0, 0)
        crop = np.array([[1, 0, x0], [0, 1, y0], [0, 0, 1.0]])
        here = cv2.cvtColor(pictures.eight_bit(self.truth(source)[y0:y1, x0:x1]), cv2.COLOR_RGB2GRAY)
        matrix = index_matrix(self.matrix(source, target) @ crop)
        there = cv2.warpPerspective(pictures.eight_bit(self.truth(target)), matrix, here.shape[::-1],
                                    flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
        flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(
            here, cv2.cvtColor(there, cv2.COLOR_RGB2GRAY), None)
        moved = points + sample(flow, points - [x0, y0], cv2.INTER_LINEAR)
        return transform(self.matrix(source, target), moved), np.ones(len(points), bool)


def index_matrix(matrix):
    """The same map between array indices, where pixel centres lie at whole numbers: what OpenCV wants."""
    shift = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return np.linalg.inv(shift) @ matrix @ shift


@dataclasses.dataclass
class PinholeCamera:
    """Looks along its own -z; y up."""
    position: np.ndarray
    world_from_camera: np.ndarray              # rotation
    focal_px: float
    size: tuple

    def rays(self, points):
        """Directions in the world with a planar distance of 1."""
        middle = np.array(self.size) / 2
        flat = (points - middle) / self.focal_px
        own = np.stack([flat[:, 0], -flat[:, 1], -np.ones(len(points))], axis=1)
        return own @ self.world_from_camera.T

    def project(self, world):
        own = (world - self.position) @ self.world_from_camera
        distance = -own[:, 2]
        flat = np.stack([own[:, 0], -own[:, 1]], axis=1) / distance[:, None]
        return flat * self.focal_px + np.array(self.size) / 2, distance


class SceneMotion:
    """A rendered scene: exact depth and cameras."""

    def __init__(self, cameras, depths):
        self.cameras = cameras
        self.depths = depths                   # planar distance, one array a frame

    def positions(self, source, target, points):
        columns, rows = (points - 0.5).astype(int).T
        camera = self.cameras[source]
        world = camera.position + camera.rays(points) * self.depths[source][rows, columns][:, None]
        there, distance = self.cameras[target].project(world)
        shown = sample(self.depths[target], there, cv2.INTER_NEAREST)[:, 0]
        return there, np.abs(shown - distance) < 0.02 * distance


def rotation(pitch_deg, yaw_deg, roll_deg=0.0):
    """Camera to world: rolled about its axis, then pitched up, then turned left (positive yaw) about the vertical."""
    pitch, yaw, roll = np.radians([pitch_deg, yaw_deg, roll_deg])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return about_y @ about_x @ about_z


def seen_elsewhere(holes, blocked, motion, margin):
    """For every frame two masks: hole pixels that another frame surely shows, and those that surely none shows.

    What lies between, within `margin` pixels of a doubt, is in neither.
    """
    size = holes[0].shape[::-1]
    surely_blocked = [pictures.grow(mask, -margin) for mask in blocked]
    maybe_blocked = [pictures.grow(mask, margin) for mask in blocked]
    seen, never = [], []
    for here, hole in enumerate(holes):
        points = pixel_centres(hole)
        shown, hidden = np.zeros(len(points), bool), np.ones(len(points), bool)
        for there in range(len(holes)):
            open_ = ~shown | hidden
            if there == here or not open_.any():
                continue
            carried, visible = motion.positions(here, there, points[open_])
            columns, rows = np.clip(carried.astype(int), 0, np.array(size) - 1).T
            shown[open_] |= visible & inside(carried, size, margin) & ~maybe_blocked[there][rows, columns]
            hidden[open_] &= ~(visible & inside(carried, size, -margin) & ~surely_blocked[there][rows, columns])
        seen.append(_back(hole, shown))
        never.append(_back(hole, hidden))
    return seen, never


def _back(hole, flags):
    mask = np.zeros_like(hole)
    mask[hole] = flags
    return mask
