"""Lets the building fall: street.blend becomes street_fallen.blend.

blender --background street.blend --python bake_rigid_bodies.py -- --output /somewhere
"""

import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
import script  # noqa: E402


def main():
    arguments = script.parse(script.parser(__doc__))
    scene = bpy.context.scene
    cache = scene.rigidbody_world.point_cache
    bpy.ops.ptcache.free_bake_all()
    with script.step("rigid bodies"), bpy.context.temp_override(scene=scene, point_cache=cache):
        bpy.ops.ptcache.bake(bake=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(arguments.output / "street_fallen.blend"), compress=False)


main()
