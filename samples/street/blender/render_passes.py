"""Renders one pass of the intact street, frame by frame, and writes the camera.

blender --background street.blend --python render_passes.py -- plate --output /somewhere

plate       the building stands
clean       the same without the building, so without its shadow and the light it throws back; other noise
building    its matte, motion blurred, with lamp and cars in front cut out
foreground  the matte of lamp and cars
depth       planar distance from the camera, at the frame's time
camera      no picture, only street.chan
"""

import math
import sys
from pathlib import Path

import bpy
from mathutils import Euler, Matrix

sys.path.insert(0, str(Path(__file__).resolve().parent))
import rigid_bodies  # noqa: E402
import script  # noqa: E402

SAMPLES = {"plate": 12, "clean": 12, "building": 32, "foreground": 16, "depth": 1}  # paths a pixel


def join_building():
    """The pieces as one still object: no physics, no seams to pay for."""
    bpy.ops.rigidbody.world_remove()
    pieces = list(bpy.data.collections["BUILDING"].objects)
    bpy.ops.object.select_all(action="DESELECT")
    for piece in pieces:
        piece.animation_data_clear()
        piece.select_set(True)
    bpy.context.view_layer.objects.active = pieces[0]
    bpy.ops.object.join()
    for holder in list(bpy.data.collections["CONSTRAINTS"].objects):
        bpy.data.objects.remove(holder)
    return bpy.context.view_layer.objects.active


def set_photograph(scene, building, name):
    scene.render.image_settings.color_mode = "RGB"
    scene.cycles.seed = 1 if name == "plate" else 977
    building.hide_render = name == "clean"


def glow_white():
    material = bpy.data.materials.new("white")
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    light = tree.nodes.new("ShaderNodeEmission")
    surface = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(light.outputs[0], surface.inputs[0])
    return material


def set_matte(scene, building, name):
    """Everything that counts glows white on nothing; alpha is the matte."""
    scene.render.film_transparent = True
    scene.render.image_settings.color_mode = "RGBA"
    scene.cycles.max_bounces = 0
    scene.world.use_nodes = False
    scene.world.color = (0, 0, 0)
    bpy.context.view_layer.material_override = glow_white()
    building.hide_render = name == "foreground"
    for item in bpy.data.collections["ENVIRONMENT"].objects:
        if item.type == "LIGHT" or (item.type == "MESH" and name == "foreground"):
            item.hide_render = True
        elif item.type == "MESH":
            item.is_holdout = True
    if name == "building":
        for item in bpy.data.collections["FOREGROUND"].objects:
            item.is_holdout = True


def set_depth(scene):
    scene.render.use_motion_blur = False
    scene.render.image_settings.file_format = "OPEN_EXR_MULTILAYER"
    scene.render.image_settings.color_depth = "32"
    scene.cycles.max_bounces, scene.cycles.filter_width = 0, 0.01
    scene.cycles.use_animated_seed = False
    bpy.context.view_layer.use_pass_z = True


def set_pass(scene, building, name):
    cycles = scene.cycles
    cycles.motion_blur_position = "CENTER"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 2, 1, 1
    cycles.volume_bounces = cycles.transmission_bounces = 0
    cycles.samples, cycles.use_adaptive_sampling = SAMPLES[name], False
    if name in ("plate", "clean"):
        set_photograph(scene, building, name)
    elif name == "depth":
        set_depth(scene)
    else:
        set_matte(scene, building, name)


def write_camera(scene, path):
    """frame tx ty tz rx ry rz vertical_fov: metres, degrees turned about x, then y, then z; y up."""
    camera = scene.camera
    sensor_height = camera.data.sensor_width * scene.render.resolution_y / scene.render.resolution_x
    field_of_view = math.degrees(2 * math.atan(sensor_height / 2 / camera.data.lens))
    y_up_from_z_up = Matrix.Rotation(math.radians(-90), 4, "X")
    lines, angles = [], Euler()
    for frame in range(scene.frame_start, scene.frame_end + 1):
        scene.frame_set(frame)
        world_from_camera = y_up_from_z_up @ camera.matrix_world
        angles = world_from_camera.to_euler("XYZ", angles)
        values = [*world_from_camera.to_translation(), *(math.degrees(a) for a in angles), field_of_view]
        lines.append("\t".join([str(script.shot_frame(frame)), *(f"{value:f}" for value in values)]))
    path.write_text("\n".join(lines) + "\n")


def main():
    parser = script.parser(__doc__.splitlines()[0])
    parser.add_argument("render_pass", metavar="PASS", choices=[*SAMPLES, "camera"])
    parser.add_argument("--first", type=int, default=1, help="frame of the timeline, 1 for 1001")
    parser.add_argument("--last", type=int, default=rigid_bodies.LAST)
    parser.add_argument("--step", type=int, default=1)
    arguments = script.parse(parser)
    scene = bpy.context.scene
    if arguments.render_pass == "camera":
        write_camera(scene, arguments.output / "street.chan")
        return
    set_pass(scene, join_building(), arguments.render_pass)
    for frame in range(arguments.first, arguments.last + 1, arguments.step):
        scene.frame_set(frame)
        name = f"street.{script.shot_frame(frame)}.exr"
        scene.render.filepath = str(arguments.output / arguments.render_pass / name)
        with script.step(f"{arguments.render_pass} {frame}"):
            bpy.ops.render.render(write_still=True)


main()
