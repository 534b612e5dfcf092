#!/usr/bin/env python3
"""A clean plate by whatever a ComfyUI server has: `use = "exec:comfyui.py"`.

Build the workflow in ComfyUI, give three nodes these titles, and save it with "Export (API)":

    platefall plate     an Image loader: the plate, as photographs are, 8 bits
    platefall matte     an Image loader: white where something is to be made up
    platefall result    a Save Image: as large as the plate

Every input of any node can be set from the manifest: values = ["KSampler.steps=30", "prompt.text=an empty street"], by the
node's title. Every `seed` in the workflow becomes the shot's. The pictures go to the server that is named, and nowhere else.
Needs the program ffmpeg.
"""

import json
import shutil
import struct
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zlib

import numpy

from platefall_stage import Failure, Stage, Stopped, mix, number, path, serve, text, texts

POLL_S = 0.2


def encode(light):
    """Scene-linear light as a photograph: highlights without end fit under 1, by x / (1 + x), and then the sRGB curve."""
    shown = numpy.maximum(light, 0)
    shown = shown / (1 + shown)
    return numpy.where(shown <= 0.0031308, 12.92 * shown, 1.055 * shown ** (1 / 2.4) - 0.055)


def decode(shown):
    """The way back, as far as 8 bits know it: up to 110 times white."""
    light = numpy.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    return light / (1 - numpy.minimum(light, 0.991))


def png(picture):
    """Height, width, 3 in 0..1, as a PNG of 8 bits."""
    height, width, _ = picture.shape
    rows = numpy.zeros((height, 1 + 3 * width), numpy.uint8)
    rows[:, 1:] = (picture.clip(0, 1) * 255 + 0.5).astype(numpy.uint8).reshape(height, 3 * width)

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows.tobytes(), 3)) + chunk(b"IEND", b""))


def pixels_of(picture, width, height):
    """What is in an image file, 0..1; it has to be that large."""
    run = subprocess.run(["ffmpeg", "-v", "error", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], input=picture,
                         capture_output=True)
    if run.returncode != 0:
        raise Failure(f"the server's result is no picture: {run.stderr.decode().strip()[-300:]}")
    if len(run.stdout) != 3 * width * height:
        raise Failure(f"the workflow's result has {len(run.stdout) // 3} pixels, and the plate {width}x{height}: let it end "
                      "with the size that it began with")
    return numpy.frombuffer(run.stdout, numpy.uint8).reshape(height, width, 3) / numpy.float32(255)


class Server:
    def __init__(self, address, patience_s):
        self.address, self.patience_s = address.rstrip("/"), patience_s
        self.client = uuid.uuid4().hex

    def send(self, where, content=None, kind="application/json"):
        request = urllib.request.Request(self.address + where, content, {"Content-Type": kind} if content else {})
        try:
            with urllib.request.urlopen(request, timeout=self.patience_s) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise Failure(f"the server at {self.address} refuses {where}: {self.reason(error.read())}") from None
        except OSError as error:
            raise Failure(f"no answer from the server at {self.address}: {getattr(error, 'reason', error)}; start ComfyUI "
                          "there, or name another one with server", "server") from None

    @staticmethod
    def reason(content):
        """ComfyUI says what is wrong, and with which node."""
        try:
            said = json.loads(content)
            nodes = [f"node {node}: {error['message']} ({error.get('details', '')})"
                     for node, errors in said.get("node_errors", {}).items() for error in errors.get("errors", [])]
            return "; ".join([said["error"]["message"], *nodes])
        except (ValueError, KeyError, TypeError, AttributeError):
            return content.decode(errors="replace")[:300]

    def upload(self, name, picture):
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        tail = f'\r\n--{edge}\r\nContent-Disposition: form-data; name="overwrite"\r\n\r\ntrue\r\n--{edge}--\r\n'
        answer = json.loads(self.send("/upload/image", head.encode() + picture + tail.encode(),
                                      f"multipart/form-data; boundary={edge}"))
        return "/".join(part for part in (answer.get("subfolder"), answer["name"]) if part)

    def run(self, workflow, frame):
        """What the workflow put out, by node."""
        prompt = json.loads(self.send("/prompt", json.dumps({"prompt": workflow, "client_id": self.client}).encode()))
        began = time.monotonic()
        while True:
            history = json.loads(self.send(f"/history/{prompt['prompt_id']}")).get(prompt["prompt_id"])
            if history:
                break
            try:
                frame.progress(0, f"the server works, {time.monotonic() - began:.0f} s")
            except Stopped:
                self.send("/interrupt", b"{}")
                raise
            time.sleep(POLL_S)
        status = history.get("status", {})
        if status.get("status_str") == "error":
            said = [details for kind, details in status.get("messages", []) if kind == "execution_error"]
            raise Failure("the workflow failed: " + (f"{said[0].get('node_type')}: {said[0].get('exception_message')}"
                                                     if said else "the server does not say why"))
        return history["outputs"]

    def fetch(self, image):
        return self.send("/view?" + urllib.parse.urlencode(
            {key: image.get(key, "") for key in ("filename", "subfolder", "type")}))


class ComfyUI(Stage):
    """Makes up what stands behind a matte with a workflow on a ComfyUI server, each frame by itself."""

    version = 1
    params = [
        path("workflow", "The workflow, exported for the API.", required=True),
        text("server", "http://127.0.0.1:8188", "Where ComfyUI listens."),
        text("plate", "plate", "The layer that is sent."),
        text("matte", None, "The matte of what is to be made up.", required=True),
        text("into", "clean", "The layer that is written."),
        texts("values", "Inputs of nodes: \"TITLE.INPUT=VALUE\", the value as JSON or as plain text."),
        number("patience", 30, "How long the server may take for an answer; not for the work itself.", unit="s",
               range=(1, 3600)),
    ]

    def layers(self):
        if not shutil.which("ffmpeg"):
            raise Failure("ffmpeg is not installed: apt-get install ffmpeg")
        try:
            with open(self.workflow, encoding="utf-8") as file:
                self.nodes = json.load(file)
        except (OSError, ValueError) as error:
            raise Failure(f"the workflow cannot be read: {error}", "workflow") from None
        if "nodes" in self.nodes:
            raise Failure("the workflow was saved for the editor; export it for the API", "workflow")
        self.plate_node, self.matte_node, self.result_node = (
            self.node(f"platefall {what}", "workflow") for what in ("plate", "matte", "result"))
        for node in self.nodes.values():
            for name in ("seed", "noise_seed"):
                if isinstance(node.get("inputs", {}).get(name), int):
                    node["inputs"][name] = self.shot["seed"] % 2 ** 32
        for value in self.values or []:
            self.set(value)
        return [self.plate, f"matte.{self.matte}"], [self.into, f"generated.{self.into}"]

    def node(self, title, param):
        found = [id for id, node in self.nodes.items() if node.get("_meta", {}).get("title") == title]
        if len(found) != 1:
            raise Failure(f"the workflow has {len(found)} nodes with the title '{title}', and needs one", param)
        return found[0]

    def set(self, setting):
        name, equals, value = setting.partition("=")
        title, dot, key = name.rpartition(".")
        if not equals or not dot:
            raise Failure(f"'{setting}' is not of the form TITLE.INPUT=VALUE", "values")
        inputs = self.nodes[self.node(title, "values")]["inputs"]
        if key not in inputs:
            raise Failure(f"the node '{title}' has no input '{key}' (it has: {', '.join(inputs)})", "values")
        try:
            inputs[key] = json.loads(value)
        except ValueError:
            inputs[key] = value

    def process(self, frame):
        plate = frame[self.plate]
        matte = frame[f"matte.{self.matte}"].placed(plate.data_window)[..., 0].clip(0, 1)
        pixels = plate.pixels.copy()
        if matte.any():
            made = decode(self.make(frame, encode(pixels[..., plate.colour]), matte))
            pixels[..., plate.colour] = mix(pixels[..., plate.colour], made, matte)
        frame[self.into] = plate.like(pixels)
        frame[f"generated.{self.into}"] = plate.weight(matte)

    def make(self, frame, shown, matte):
        server = Server(self.server, self.patience)
        workflow = json.loads(json.dumps(self.nodes))   # frames do not share it
        name = f"platefall_{self.shot['name']}_{frame.number}"
        workflow[self.plate_node]["inputs"]["image"] = server.upload(f"{name}_plate.png", png(shown))
        white = numpy.repeat((matte > 0)[..., None], 3, axis=2).astype(numpy.float32)
        workflow[self.matte_node]["inputs"]["image"] = server.upload(f"{name}_matte.png", png(white))
        images = server.run(workflow, frame).get(self.result_node, {}).get("images")
        if not images:
            raise Failure("the node 'platefall result' put out no picture")
        height, width = matte.shape
        return pixels_of(server.fetch(images[0]), width, height)


serve(ComfyUI)
