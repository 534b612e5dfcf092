"""Builds the street with the intact building, ready to fall, and the camera that walks by: street.blend.

blender --background --python build_scene.py -- --output /somewhere
"""

import math
import random
import sys
from pathlib import Path

import addon_utils
import bpy
from mathutils import Vector

sys.path.insert(0, str(Path(__file__).resolve().parent))
import building  # noqa: E402
import environment  # noqa: E402
import materials  # noqa: E402
import rigid_bodies  # noqa: E402
import script  # noqa: E402

SEED = 7
SUN_DIRECTION = (0.55, 0.75, -0.72)
WALK = (  # timeline frame, where the camera stands, what it looks at
    (1, (-8.0, -45, 1.72), (-1.2, 7, 12.0)),
    (72, (-6.6, -44.4, 1.78), (1.0, 7, 11.6)),
)


def new_collection(scene, name):
    collection = bpy.data.collections.new(name)
    scene.collection.children.link(collection)
    return collection


def add_sky(scene):
    world = scene.world = bpy.data.worlds.new("sky")
    world.use_nodes = True
    tree = world.node_tree
    sky = tree.nodes.new("ShaderNodeTexSky")
    sky.sky_type = "NISHITA"
    sky.sun_disc = False
    sky.sun_elevation, sky.sun_rotation = math.radians(38), math.radians(215)
    sky.dust_density = 2
    background = tree.nodes["Background"]
    background.inputs[1].default_value = 0.12
    tree.links.new(sky.outputs[0], background.inputs[0])
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = 512


def add_sun(collection):
    light = bpy.data.lights.new("sun", "SUN")
    light.energy, light.angle, light.color = 2.6, math.radians(0.6), (1, 0.93, 0.83)
    sun = bpy.data.objects.new("sun", light)
    sun.rotation_euler = Vector(SUN_DIRECTION).to_track_quat("-Z", "Y").to_euler()
    collection.objects.link(sun)


def shake(curve, rng):
    """A hand's slow sway and its quick tremor, on top of the walk."""
    is_place = curve.data_path == "location"
    for period, strength in ((22, 0.030 if is_place else 0.0065), (7, 0.006 if is_place else 0.0016)):
        noise = curve.modifiers.new("NOISE")
        noise.scale, noise.strength, noise.phase = period, strength, rng.uniform(1, 500)


def add_camera(scene, collection, rng):
    lens = bpy.data.cameras.new("camera")
    lens.lens, lens.sensor_width, lens.clip_end = 22, 36, 500
    lens.dof.use_dof = False
    camera = bpy.data.objects.new("camera", lens)
    collection.objects.link(camera)
    scene.camera = camera
    for frame, place, target in WALK:
        camera.location = place
        camera.rotation_euler = (Vector(target) - Vector(place)).to_track_quat("-Z", "Y").to_euler()
        camera.keyframe_insert("location", frame=frame)
        camera.keyframe_insert("rotation_euler", frame=frame)
    for curve in camera.animation_data.action.fcurves:
        for key in curve.keyframe_points:
            key.interpolation = "LINEAR"
        shake(curve, rng)


def set_render_defaults(scene):
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y, render.resolution_percentage = 960, 540, 100
    render.use_motion_blur, render.motion_blur_shutter = True, 0.5
    render.use_persistent_data = True
    image = render.image_settings
    image.file_format, image.color_mode, image.color_depth, image.exr_codec = "OPEN_EXR", "RGBA", "16", "ZIP"

    cycles.device, cycles.samples = "CPU", 64
    cycles.use_adaptive_sampling, cycles.adaptive_threshold, cycles.adaptive_min_samples = True, 0.05, 16
    cycles.use_denoising, cycles.use_animated_seed = False, True
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 4, 2, 2
    cycles.transmission_bounces, cycles.volume_bounces, cycles.transparent_max_bounces = 2, 1, 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect, cycles.filter_width, cycles.light_sampling_threshold = 4, 1.5, 0.01


def main():
    arguments = script.parse(script.parser(__doc__))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    addon_utils.enable("cycles")
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end, scene.render.fps = 1, rigid_bodies.LAST, 24
    rng = random.Random(SEED)  # drawn from in this order: pieces, rigid bodies, camera
    surroundings = new_collection(scene, "ENVIRONMENT")
    falling = new_collection(scene, "BUILDING")
    constraints = new_collection(scene, "CONSTRAINTS")
    foreground = new_collection(scene, "FOREGROUND")
    new_collection(scene, "EFFECTS")

    palette = materials.Materials()
    obstacles = environment.build(palette, surroundings, foreground)
    with script.step("building"):
        pieces = building.build(palette, falling, rng)
    with script.step("rigid bodies and constraints"):
        rigid_bodies.build(scene, pieces, obstacles, constraints, rng)
    add_sky(scene)
    add_sun(surroundings)
    add_camera(scene, surroundings, rng)
    set_render_defaults(scene)
    print(f"{len(pieces)} pieces, {len(constraints.objects)} constraints", flush=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(arguments.output / "street.blend"), compress=False)


main()
