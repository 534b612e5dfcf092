"""Renders the collapse as a layer: debris and dust, premultiplied, with their shadow on the ground.

blender --background street_dust.blend --python render_cg.py -- --frames 12 30 48 62 72 --output /somewhere

Whatever stays standing is a holdout, and the ground only catches the shadow.
"""

import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
import script  # noqa: E402


def hold_out_the_street():
    for name in ("ENVIRONMENT", "FOREGROUND"):
        for item in bpy.data.collections[name].objects:
            if item.type != "MESH":
                continue
            item.is_holdout = True
            item.visible_shadow = item.visible_diffuse = False
            item.visible_glossy = item.visible_volume_scatter = False


def add_shadow_catcher(scene):
    corners = [(-28, -20, 0.15), (28, -20, 0.15), (28, 20, 0.15), (-28, 20, 0.15)]
    mesh = bpy.data.meshes.new("shadow catcher")
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    material = bpy.data.materials.new("shadow catcher")
    material.use_nodes = True
    material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (0.15, 0.15, 0.14, 1)
    mesh.materials.append(material)
    catcher = bpy.data.objects.new("shadow catcher", mesh)
    catcher.is_shadow_catcher = True
    scene.collection.objects.link(catcher)


def set_quality(scene, samples):
    scene.render.use_persistent_data = False
    scene.render.film_transparent = True
    cycles = scene.cycles
    cycles.samples = samples
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 2, 1
    cycles.volume_bounces, cycles.transmission_bounces = 2, 0


def main():
    parser = script.parser(__doc__)
    parser.add_argument("--frames", type=int, nargs="+", required=True, help="of the timeline, 12 for 1012")
    parser.add_argument("--samples", type=int, default=64)
    arguments = script.parse(parser)
    scene = bpy.context.scene
    set_quality(scene, arguments.samples)
    add_shadow_catcher(scene)
    hold_out_the_street()
    for frame in arguments.frames:
        scene.frame_set(frame)
        scene.render.filepath = str(arguments.output / "cg" / f"street.{script.shot_frame(frame)}.exr")
        with script.step(f"cg {frame}"):
            bpy.ops.render.render(write_still=True)


main()
