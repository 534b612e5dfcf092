"""Materials of the street: mottled ones for masonry and asphalt, plain ones for glass, paint and metal."""

import bpy


def _node_setup(name):
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    return material, tree, tree.nodes["Principled BSDF"]


def _math(tree, operation, factor, value, addend=None):
    """value * factor (+ addend), as a node."""
    node = tree.nodes.new("ShaderNodeMath")
    node.operation = operation
    node.inputs[1].default_value = factor
    tree.links.new(value, node.inputs[0])
    if addend is not None:
        tree.links.new(addend, node.inputs[2])
    return node.outputs[0]


def _noise(tree, coordinates, scale, detail):
    node = tree.nodes.new("ShaderNodeTexNoise")
    node.inputs["Scale"].default_value = scale
    node.inputs["Detail"].default_value = detail
    tree.links.new(coordinates, node.inputs["Vector"])
    return node.outputs["Fac"]


def _coordinates(tree, at_rest):
    """Where a point was before the building fell, so that the pattern falls with the piece; or in the object."""
    if not at_rest:
        return tree.nodes.new("ShaderNodeTexCoord").outputs["Object"]
    node = tree.nodes.new("ShaderNodeAttribute")
    node.attribute_name = "rest"
    return node.outputs["Vector"]


def mottled(name, dark, light, scale, roughness=0.85, at_rest=False, bump=0.15):
    """Two octaves of noise between two colours, a fine one and one eight times as coarse, with a slight bump."""
    material, tree, shader = _node_setup(name)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Specular"].default_value = 0.25

    where = _coordinates(tree, at_rest)
    fine = _noise(tree, where, scale, 6)
    coarse = _noise(tree, where, scale * 0.13, 2)
    mixed = _math(tree, "MULTIPLY_ADD", 0.6, fine, _math(tree, "MULTIPLY", 0.4, coarse))

    ramp = tree.nodes.new("ShaderNodeValToRGB")
    for element, position, colour in zip(ramp.color_ramp.elements, (0.32, 0.68), (dark, light)):
        element.position = position
        element.color = (*colour, 1)
    tree.links.new(mixed, ramp.inputs[0])
    tree.links.new(ramp.outputs[0], shader.inputs["Base Color"])

    bumps = tree.nodes.new("ShaderNodeBump")
    bumps.inputs["Strength"].default_value = bump
    bumps.inputs["Distance"].default_value = 0.05
    tree.links.new(fine, bumps.inputs["Height"])
    tree.links.new(bumps.outputs[0], shader.inputs["Normal"])
    return material


def plain(name, colour, roughness, specular=0.5, metallic=0.0):
    material, _, shader = _node_setup(name)
    shader.inputs["Base Color"].default_value = (*colour, 1)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Specular"].default_value = specular
    shader.inputs["Metallic"].default_value = metallic
    return material


class Materials:
    """Every material of the shot, made once."""

    def __init__(self):
        self.concrete = mottled("concrete", (0.20, 0.19, 0.18), (0.42, 0.40, 0.37), 2.5, at_rest=True)
        self.facade = mottled("facade", (0.42, 0.34, 0.25), (0.62, 0.52, 0.40), 3.0, at_rest=True)
        self.glass = plain("glass", (0.015, 0.02, 0.025), 0.06, 0.8)
        self.asphalt = mottled("asphalt", (0.035, 0.035, 0.037), (0.085, 0.083, 0.08), 3.0, 0.9, bump=0.3)
        self.pavement = mottled("pavement", (0.22, 0.21, 0.20), (0.36, 0.35, 0.33), 1.5, 0.9, bump=0.1)
        self.brick = mottled("brick", (0.20, 0.085, 0.06), (0.34, 0.16, 0.11), 1.2, 0.9)
        self.pale_plaster = mottled("pale plaster", (0.38, 0.38, 0.36), (0.60, 0.59, 0.55), 0.9, 0.9)
        self.blue_plaster = mottled("blue plaster", (0.25, 0.27, 0.30), (0.40, 0.42, 0.45), 0.9, 0.9)
        self.paint = plain("paint", (0.7, 0.7, 0.68), 0.7)
        self.metal = plain("metal", (0.08, 0.09, 0.09), 0.45, 0.5, 0.3)
