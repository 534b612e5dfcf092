"""A stage of platefall in Python: what the two say to each other, so that a stage is only its own work.

Needs Python 3.8 and numpy. Put this file beside the stage; docs/stage_protocol.md has the protocol that it speaks.

    from platefall_stage import Stage, number, serve

    class Night(Stage):
        \"\"\"Darkens the finished comp.\"\"\"

        version = 1
        params = [number("exposure", 0.1, "What is left of the light.", range=(0, 1))]

        def layers(self):
            return ["comp"], ["comp"]                  # what it reads, what it writes

        def process(self, frame):
            comp = frame["comp"]                       # pixels[y, x, channel], float32, scene-linear, premultiplied
            pixels = comp.pixels.copy()
            pixels[..., comp.colour] *= self.exposure
            frame["comp"] = comp.like(pixels)

    serve(Night)
"""

import json
import mmap
import os
import sys
import threading

import numpy

PROTOCOL = 1
HEADER_BYTES = 4096


class Failure(Exception):
    """Something that the user can mend: shown as it is, at the parameter's line when it names one."""

    def __init__(self, message, param=""):
        super().__init__(message)
        self.param = param


class Stopped(Exception):
    """The render is to stop."""


class Image:
    """`pixels` is a float32 array of shape (height, width, channels). Windows are x0, y0, x1, y1, the ends exclusive."""

    def __init__(self, pixels, channels, data_window=None, display_window=None, numbers=()):
        self.pixels = pixels
        self.channels = list(channels)
        self.data_window = list(data_window or (0, 0, pixels.shape[1], pixels.shape[0]))
        self.display_window = list(display_window or self.data_window)
        self.numbers = list(numbers)         # channels that are numbers and not colours: depth, ids

    def __getitem__(self, channel):
        """One channel, height by width."""
        return self.pixels[..., self.channels.index(channel)]

    @property
    def colour(self):
        """Where R, G and B are among the channels."""
        return [self.channels.index(name) for name in "RGB" if name in self.channels]

    def like(self, pixels):
        """The same picture with other pixels."""
        return Image(pixels, self.channels, self.data_window, self.display_window, self.numbers)

    def weight(self, pixels):
        """How much of each pixel was generated, for the layer `generated.NAME` beside this one."""
        return Image(pixels[..., None], ["generated"], self.data_window, self.display_window)

    def placed(self, data_window):
        """The pixels of another data window: of one that is larger, what is beyond this one is zero."""
        x0, y0, x1, y1 = data_window
        left, top, right, bottom = self.data_window
        pixels = numpy.zeros((y1 - y0, x1 - x0, len(self.channels)), numpy.float32)
        a0, b0, a1, b1 = max(x0, left), max(y0, top), min(x1, right), min(y1, bottom)
        if a1 > a0 and b1 > b0:
            pixels[b0 - y0:b1 - y0, a0 - x0:a1 - x0] = self.pixels[b0 - top:b1 - top, a0 - left:a1 - left]
        return pixels


def mix(below, above, matte):
    """`above` as far as the matte goes; where it is 0 every bit stays as it is."""
    weight = matte[..., None]
    return numpy.where(weight > 0, below * (1 - weight) + above * weight, below)


def _read(path):
    with open(path, "rb") as file:
        memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    header = json.loads(memory[:HEADER_BYTES])
    x0, y0, x1, y1 = header["data_window"]
    shape = (y1 - y0, x1 - x0, len(header["channels"]))
    pixels = numpy.frombuffer(memory, numpy.float32, shape[0] * shape[1] * shape[2], HEADER_BYTES).reshape(shape)
    return Image(pixels, header["channels"], header["data_window"], header["display_window"], header.get("numbers", ()))


def _write(path, image):
    width, height = image.data_window[2] - image.data_window[0], image.data_window[3] - image.data_window[1]
    if image.pixels.shape != (height, width, len(image.channels)):
        raise ValueError(f"pixels have shape {image.pixels.shape}, but the data window and the channels "
                         f"{' '.join(image.channels)} say {(height, width, len(image.channels))}")
    header = json.dumps({"platefall_image": 1, "channels": image.channels, "numbers": image.numbers,
                         "data_window": [int(edge) for edge in image.data_window],
                         "display_window": [int(edge) for edge in image.display_window]}).encode()
    size = HEADER_BYTES + 4 * image.pixels.size
    with open(path, "r+b") as file:          # never made shorter: its room is used again for the next frame
        if os.fstat(file.fileno()).st_size < size:
            file.truncate(size)
        with mmap.mmap(file.fileno(), size) as memory:
            memory[:HEADER_BYTES] = header.ljust(HEADER_BYTES)
            view = numpy.frombuffer(memory, numpy.float32, image.pixels.size, HEADER_BYTES).reshape(image.pixels.shape)
            numpy.copyto(view, image.pixels)
            del view


def _param(type, name, fallback, help, **more):
    declared = {"name": name, "type": type, "help": help, **more}
    if fallback is not None:
        declared["default"] = fallback
    return declared


def flag(name, fallback, help, **more): return _param("flag", name, fallback, help, **more)
def integer(name, fallback, help, **more): return _param("integer", name, fallback, help, **more)
def number(name, fallback, help, **more): return _param("number", name, fallback, help, **more)
def text(name, fallback, help, **more): return _param("text", name, fallback, help, **more)
def choice(name, choices, fallback, help, **more):
    return _param("choice", name, fallback, help, choices=list(choices), **more)
def path(name, help, **more): return _param("path", name, None, help, **more)
def numbers(name, fallback, help, **more): return _param("numbers", name, fallback, help, **more)
def texts(name, help, **more): return _param("texts", name, None, help, **more)


class Frame:
    """The layers of a frame by name: frame["comp"], "comp" in frame, frame["comp"] = image."""

    def __init__(self, call, number, layers, write=None, camera=None):
        self.number = number
        self.camera = camera                 # None, or world_from_camera, focal_length_mm, film_back_mm
        self.warnings = []                   # shown to the user
        self._call, self._layers, self._write = call, layers, write or {}

    def __contains__(self, layer):
        return layer in self._layers

    def __getitem__(self, layer):
        return _read(self._layers[layer])

    def __setitem__(self, layer, image):
        if layer not in self._write:
            raise ValueError(f"layer '{layer}' is not among those that layers() says it writes")
        _write(self._write[layer], image)

    def progress(self, fraction, doing=""):
        self._call.progress(fraction, doing)


class Stage:
    """What a stage has to say and to do. Its parameters become attributes of it before layers() is called."""

    version = 1                              # raised whenever the same input would give another result
    params = []
    at_once = 1                              # how many frames it takes at once, each in a thread of its own
    shot = None                              # name, frames, first, last, fps, colorspace, proxy, seed, data_window, ...

    def layers(self):
        """Two lists of names: what it reads, what it writes. Raises Failure when the parameters do not fit."""
        raise NotImplementedError

    def prepare_frames(self):
        """The frames that prepare() will ask for, or None when it has nothing to prepare."""
        return None

    def prepare(self, folder, upstream):
        """Once a shot: writes its result into the folder. upstream(1003) is a Frame, until the next one is asked for."""

    def prepared(self, folder):
        """Once in every process: takes that result up."""

    def process(self, frame):
        """Reads and writes the layers of one frame."""
        raise NotImplementedError


class _Connection:
    def __init__(self, questions, answers):
        self.questions, self.answers = questions, answers
        self.lock, self.changed = threading.Lock(), threading.Condition()
        self.replies, self.stopping = {}, False

    def say(self, message):
        with self.lock:
            self.answers.write(json.dumps(message) + "\n")
            self.answers.flush()


class _Call:
    def __init__(self, connection, id):
        self.connection, self.id = connection, id

    def progress(self, fraction, doing=""):
        self.connection.say({"id": self.id, "progress": fraction, "doing": doing})
        if self.connection.stopping:
            raise Stopped()

    def upstream(self, number):
        connection = self.connection
        connection.say({"id": self.id, "wish": {"frame": number}})
        with connection.changed:
            connection.changed.wait_for(lambda: self.id in connection.replies or connection.stopping)
            if connection.stopping:
                raise Stopped()
            reply = connection.replies.pop(self.id)
        if "error" in reply:
            raise Failure(reply["error"])
        return Frame(self, number, reply["layers"])


def _answer(stage, question, call):
    what = question["do"]
    if what == "describe":
        return {"protocol": PROTOCOL, "summary": (stage.__doc__ or "").strip().split("\n")[0], "version": stage.version,
                "params": stage.params, "at_once": stage.at_once}
    if what == "configure":
        stage.shot = question["shot"]
        for declared in stage.params:
            setattr(stage, declared["name"], question["params"].get(declared["name"]))
        reads, writes = stage.layers()
        answer = {"reads": reads, "writes": writes}
        if stage.prepare_frames() is not None:
            answer["prepare_frames"] = list(stage.prepare_frames())
        return answer
    if what == "prepare":
        stage.prepare(question["folder"], call.upstream)
        return {}
    if what == "prepared":
        stage.prepared(question["folder"])
        return {}
    if what == "process":
        frame = Frame(call, question["frame"], question["layers"], question["write"], question.get("camera"))
        stage.process(frame)
        return {"warnings": frame.warnings}
    return {"error": f"it does not know '{what}'"}


def _work(stage, question, connection):
    try:
        answer = _answer(stage, question, _Call(connection, question["id"]))
    except Failure as failure:
        answer = {"error": str(failure), "param": failure.param}
    except Stopped:
        answer = {"error": "stopped"}
    except Exception as error:               # a defect of the stage: where it is, for who wrote it
        place = error.__traceback__
        while place.tb_next:
            place = place.tb_next
        answer = {"error": f"{type(error).__name__}: {error} "
                           f"({os.path.basename(place.tb_frame.f_code.co_filename)}, line {place.tb_lineno})"}
    connection.say({**answer, "id": question["id"]})


def serve(stage_class):
    """Answers platefall's questions until there are no more."""
    if sys.stdin.isatty():
        sys.exit("this is a stage of platefall: name it in a manifest, use = \"exec:" + os.path.basename(sys.argv[0]) + "\"")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)                            # what anybody prints must not be taken for an answer
    connection, stage = _Connection(sys.stdin, answers), stage_class()
    workers = []
    for line in connection.questions:
        question = json.loads(line)
        if question.get("do") == "stop":
            break
        if "reply" in question:
            with connection.changed:
                connection.replies[question["reply"]] = question["with"]
                connection.changed.notify_all()
            continue
        worker = threading.Thread(target=_work, args=(stage, question, connection), daemon=True)
        worker.start()
        workers = [other for other in workers if other.is_alive()] + [worker]
    with connection.changed:
        connection.stopping = True
        connection.changed.notify_all()
    for worker in workers:
        worker.join(timeout=1)
