"""Cases over real and rendered plates: the gym, the street, a locked-off plate and stills."""
import functools

import cv2
import numpy as np

from clean_plate import baselines, geometry, pictures
from clean_plate.case import Case, along, grain, read_cached, rectangle, with_seen, write_case

REPOSITORY_STREET = "samples/street"


class Gym:
    """24 frames of a handheld 1080p plate with a person in it."""

    def __init__(self, plates, frames):
        self.folder = plates / "handheld_gym"
        self.count = min(frames, 24)
        self.people = [pictures.grow(self._matte(index) > 0.01, 10) for index in range(self.count)]
        self.motion = None

    def plate(self, index):
        return read_cached(self.folder / f"plate/handheld_gym.{1001 + index}.exr")

    def _matte(self, index):
        return pictures.read(self.folder / f"matte/handheld_gym.{1001 + index}.exr", "A")[:, :, 0]

    def true_motion(self):
        """Homographies of the untouched plate, of the plane that most of it lies on."""
        if self.motion is None:
            matcher = baselines.Matcher(self.plate, self.people)
            middle = self.count // 2
            maps = [np.eye(3) if index == middle else matcher.homography(index, middle) for index in range(self.count)]
            self.motion = geometry.FlowMotion(maps, self.plate)
        return self.motion

    def case(self, name, about, folder, centres, extent, seed, **more):
        size = (1920, 1080)
        holes = [rectangle(size, centre, extent) for centre in centres]
        blocked = [hole | person for hole, person in zip(holes, self.people)]
        case = Case(name, about, folder / name, holes, blocked, self.true_motion(), [], [], person=True,
                    show=self.count // 2, **more)
        with_seen(case, 8, self.people)
        return write_case(case, self.plate, np.random.default_rng(seed))


def gym_moving(gym, folder):
    centres = along((420, 430), (1560, 400), gym.count)
    return gym.case("gym_moving", "handheld, a hole of 3 % crosses the back wall", folder, centres, (240, 270), 1,
                    at_least_db=30.0)


def gym_moving_low(gym, folder):
    centres = along((1560, 760), (380, 800), gym.count)
    return gym.case("gym_moving_low", "handheld, a hole of 3 % crosses mats near the camera: parallax", folder, centres,
                    (240, 270), 2, at_least_db=30.0, parallax=True)


def gym_fixed(gym, folder):
    """The hole hides the same part of the wall and the mats all the time."""
    motion = gym.true_motion()
    anchor = np.array([[1130.0, 400.0]])
    centres = [geometry.transform(np.linalg.inv(matrix), anchor)[0] for matrix in motion.base_from_frame]
    return gym.case("gym_fixed", "handheld, the hole sticks to the scene: never seen", folder, centres, (240, 270), 3)


def street_folder(arguments):
    shared = arguments.plates / "street"
    return shared if (shared / "street.chan").exists() else arguments.repository / REPOSITORY_STREET


def street_file(street, layer, index):
    return street / layer / f"street.{1001 + index}.exr"


def street_camera(street):
    return (f'[camera]\npath = "{(street / "street.chan").resolve()}"\nrotation_order = "xyz"\nup = "y"\n'
            "film_back_mm = [36.0, 20.25]\n")


@functools.lru_cache(maxsize=1)
def street_motion(street, count):
    def truth(index):
        return read_cached(street_file(street, "clean", index))
    free = [np.zeros((540, 960), bool)] * count
    matcher = baselines.Matcher(truth, free)
    maps = [np.eye(3) if index == count // 2 else matcher.homography(index, count // 2) for index in range(count)]
    return geometry.FlowMotion(maps, truth), truth


def street_building(street, folder, count, camera):
    """The real task: the building's own matte. Its shadow beside it is gone from the truth, so only the inside counts."""
    motion, truth = street_motion(street, count)
    mattes, lamps = ([pictures.read(street_file(street, layer, index), "A")[:, :, 0] > 0.01 for index in range(count)]
                     for layer in ("matte/building", "matte/foreground"))
    inner = [pictures.grow(matte, -12) & ~pictures.grow(lamp, 6) for matte, lamp in zip(mattes, lamps)]
    name = "street_building" + ("_camera" if camera else "")
    case = Case(name, "rendered street, the building itself" + (", camera known" if camera else ""), folder / name,
                mattes, [matte | lamp for matte, lamp in zip(mattes, lamps)], motion,
                [np.zeros_like(mask) for mask in inner], inner, person=True, parallax=True,
                camera=street_camera(street) if camera else "", show=count // 2)
    for index in range(count):
        pictures.write(case.path("truth", index), truth(index))
        pictures.write(case.path("plate", index), read_cached(street_file(street, "plate", index)))
        pictures.write(case.path("hole", index), pictures.read(street_file(street, "matte/building", index), "A"), "A")
        pictures.write(case.path("person", index), lamps[index], "A")
    return case


def street_moving(street, folder, count, camera):
    motion, truth = street_motion(street, count)
    holes = [rectangle((960, 540), centre, (120, 130)) for centre in along((150, 330), (820, 300), count)]
    name = "street_moving" + ("_camera" if camera else "")
    case = Case(name, "rendered street without the building, a hole of 3 % crosses it"
                + (", camera known" if camera else ""), folder / name, holes, holes, motion, [], [], parallax=True,
                camera=street_camera(street) if camera else "", show=count // 2)
    # Without depth, one plane's homography and a margin for the parallax of what is nearer.
    return write_case(with_seen(case, 10), truth, np.random.default_rng(4))


def quarter_gym(gym):
    """Half the size, so that little of its own grain is left."""
    return cv2.resize(gym.plate(min(11, gym.count - 1)), (960, 540), interpolation=cv2.INTER_AREA)


def locked_off(gym, folder, count):
    still, random = quarter_gym(gym), np.random.default_rng(5)
    holes = [rectangle((960, 540), centre, (120, 130)) for centre in along((200, 330), (800, 300), count)]
    motion = geometry.HomographyMotion([np.eye(3)] * count)
    case = Case("locked_off", "tripod, fresh grain a frame, a hole of 3 % crosses it", folder / "locked_off", holes, holes,
                motion, [], [], show=count // 2)
    return write_case(with_seen(case, 3), lambda index: grain(still, random), random)


def still(name, about, folder, picture, centre, extent):
    """One frame: nothing was ever seen."""
    hole = rectangle(picture.shape[1::-1], centre, extent)
    case = Case(name, about, folder / name, [hole], [hole], geometry.HomographyMotion([np.eye(3)]),
                [np.zeros_like(hole)], [hole])
    return write_case(case, lambda index: picture, np.random.default_rng(6))
