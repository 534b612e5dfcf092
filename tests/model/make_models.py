#!/usr/bin/env python3
"""Writes the tiny models that the tests use, with Debian's python3-onnx, beside this script or into the folder given.

Each is a stand-in for a kind of export that people have; none has learnt anything. They are committed, so that the tests
need neither this script nor Python's onnx package.
"""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

FLOAT, HALF, UINT8 = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.UINT8
ANY = (1, 3, "height", "width")
ANY_MATTE = (1, 1, "height", "width")


class Graph:
    """Collects nodes; every method returns the name of what it computes."""

    def __init__(self):
        self.nodes, self.constants, self.inputs = [], [], []

    def input(self, name, dims, element=FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, element, dims))
        return name

    def constant(self, values, element=np.float32):
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(values, element), name))
        return name

    def node(self, operation, *inputs, **attributes):
        inputs = [i if isinstance(i, str) else self.constant(i) for i in inputs]
        name = f"{operation.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [name], **attributes))
        return name

    def save(self, folder, file, result, output="output", dims=ANY, element=FLOAT):
        self.nodes.append(helper.make_node("Identity", [result], [output]))
        graph = helper.make_graph(self.nodes, file, self.inputs, [helper.make_tensor_value_info(output, element, dims)],
                                  self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7, producer_name="")
        checker.check_model(model)
        save(model, str(Path(folder, file)))


def mean(folder):
    """The hole becomes the mean of what is around it. Matte: 1 in the hole."""
    g = Graph()
    image, matte = g.input("image", ANY), g.input("mask", ANY_MATTE)
    free = g.node("Sub", 1.0, matte)
    total = g.node("ReduceSum", g.node("Mul", image, free), g.constant([2, 3], np.int64), keepdims=1)
    count = g.node("ReduceSum", free, g.constant([2, 3], np.int64), keepdims=1)
    colour = g.node("Div", total, g.node("Max", count, 1.0))
    g.save(folder, "mean.onnx", g.node("Add", g.node("Mul", image, free), g.node("Mul", colour, matte)))


def blur(folder):
    """5 x 5 box blur whose border pixels go on. No matte: a model that works on all of the picture."""
    g = Graph()
    image = g.input("image", ANY)
    padded = g.node("Pad", image, g.constant([0, 0, 2, 2, 0, 0, 2, 2], np.int64), mode="edge")
    g.save(folder, "blur.onnx", g.node("Conv", padded, np.full((3, 1, 5, 5), 1 / 25), group=3))


def fixed_nhwc(folder):
    """32 x 32 only, channels last, 0..255: the hole becomes (51, 102, 204)."""
    g = Graph()
    image, matte = g.input("img", (1, 32, 32, 3)), g.input("matte", (1, 32, 32, 1))
    made = g.node("Mul", matte, np.array([51, 102, 204]).reshape(1, 1, 1, 3))
    g.save(folder, "fixed_nhwc.onnx", g.node("Add", g.node("Mul", image, g.node("Sub", 1.0, matte)), made),
           dims=(1, 32, 32, 3))


def joined(folder):
    """One input of four channels, the matte first, 0.5 where nothing is covered and -0.5 in the hole, colours -1..1,
    as MI-GAN's generator has it: the hole becomes 0.25 brighter than the 0 that was put there."""
    g = Graph()
    both = g.input("input", (1, 4, "height", "width"))
    matte = g.node("Slice", both, *(g.constant([v], np.int64) for v in (0, 1, 1)))
    image = g.node("Slice", both, *(g.constant([v], np.int64) for v in (1, 4, 1)))
    g.save(folder, "joined.onnx", g.node("Add", image, g.node("Mul", g.node("Sub", 0.5, matte), 0.25)))


def bytes_(folder):
    """uint8 in and out, the matte 255 where nothing is covered, as MI-GAN's pipeline has it: the hole becomes 200."""
    g = Graph()
    image, matte = g.input("image", ANY, UINT8), g.input("mask", ANY_MATTE, UINT8)
    known = g.node("Equal", g.node("Cast", matte, to=FLOAT), 255.0)
    g.save(folder, "bytes.onnx", g.node("Where", known, image, g.constant([200], np.uint8)), output="result", element=UINT8)


def half(folder):
    """The picture as it is, in half floats."""
    g = Graph()
    g.save(folder, "half.onnx", g.input("image", ANY, HALF), element=HALF)


def noise(folder):
    """The hole becomes the mean of 64 random numbers in the red, and 0.5 in the others."""
    g = Graph()
    image, matte, z = g.input("image", ANY), g.input("mask", ANY_MATTE), g.input("z", (1, 64))
    red = g.node("Mul", g.node("ReduceMean", z, keepdims=0), np.array([1, 0, 0]).reshape(1, 3, 1, 1))
    made = g.node("Add", red, np.array([0, 0.5, 0.5]).reshape(1, 3, 1, 1))
    g.save(folder, "noise.onnx", g.node("Add", g.node("Mul", image, g.node("Sub", 1.0, matte)), g.node("Mul", made, matte)))


def nan(folder):
    """0 / 0 in the hole."""
    g = Graph()
    image, matte = g.input("image", ANY), g.input("mask", ANY_MATTE)
    free = g.node("Sub", 1.0, matte)
    g.save(folder, "nan.onnx", g.node("Div", g.node("Mul", image, free), free))


def wrong_size(folder):
    """A picture half as large."""
    g = Graph()
    g.save(folder, "wrong_size.onnx", g.node("AveragePool", g.input("image", ANY), kernel_shape=[2, 2], strides=[2, 2]),
           dims=(1, 3, "half_height", "half_width"))


def two_pictures(folder):
    """Two inputs that could both be the plate."""
    g = Graph()
    g.save(folder, "two_pictures.onnx", g.node("Add", g.input("before", ANY), g.input("after", ANY)))


def diffuse(folder, halvings=6):
    """Lets colours run into the hole: averages of what is known, halved six times, and back up from the mean of all. Sides are
    a multiple of 64. Matte: 1 in the hole."""
    g = Graph()
    image, matte = g.input("image", ANY), g.input("mask", ANY_MATTE)
    weight = g.node("Sub", 1.0, matte)
    colour = g.node("Mul", image, weight)
    levels = [(colour, weight)]
    for _ in range(halvings):
        levels.append(tuple(g.node("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2]) for x in levels[-1]))
    sums = [g.node("ReduceSum", x, g.constant([2, 3], np.int64), keepdims=1) for x in levels[-1]]
    larger = g.node("Div", sums[0], g.node("Max", sums[1], 1e-6))
    scales = g.constant([1, 1, 2, 2])
    for level, (colour, weight) in reversed(list(enumerate(levels))):
        full = g.node("Min", g.node("Mul", weight, 4.0), 1.0)
        own = g.node("Div", colour, g.node("Max", weight, 1e-6))
        filled = g.node("Add", g.node("Mul", own, full), g.node("Mul", larger, g.node("Sub", 1.0, full)))
        if level > 0:
            larger = g.node("Resize", filled, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")
    g.save(folder, "diffuse.onnx", filled)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent
    for make in (mean, blur, fixed_nhwc, joined, bytes_, half, noise, nan, wrong_size, two_pictures):
        make(folder)
    diffuse(folder if len(sys.argv) > 1 else Path(__file__).parents[2] / "samples/plugins/onnx")   # people may have use for it


if __name__ == "__main__":
    main()
