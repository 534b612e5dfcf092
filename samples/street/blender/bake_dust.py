"""Adds the dust of the fall: street_fallen.blend becomes street_dust.blend.

blender --background street_fallen.blend --python bake_dust.py -- --resolution 128 --output /somewhere

Dust comes from 140 pieces while they move, and, rolling out at the foot, from four skirts around the building.
"""

import random
import sys
from pathlib import Path

import bmesh
import bpy
from mathutils import Matrix, Vector

sys.path.insert(0, str(Path(__file__).resolve().parent))
import rigid_bodies  # noqa: E402
import script  # noqa: E402

SEED = 3
EMITTERS = 140
MOVING_M_S = 1.5
SHARES = (("slab", 0.55), ("panel", 0.35), ("column", 0.10))
SKIRTS = (  # x, y, width, depth, timeline frame that it starts at
    (0, -0.6, 18, 0.8, 20),
    (0, 14.8, 18, 0.8, 26),
    (-10.7, 7, 0.8, 12, 18),
    (10.7, 7, 0.8, 12, 26),
)
NEIGHBOURS = ((-36, 0, -12.5, 15, 22), (12.5, 0, 36, 15, 34))  # x0, y0, x1, y1, height
DOMAIN = (Vector((-24, -20, 0)), Vector((24, 22, 36)))


def add_box(name, centre, size, collection):
    mesh = bmesh.new()
    bmesh.ops.create_cube(mesh, size=1, matrix=Matrix.Diagonal((*size, 1)))
    data = bpy.data.meshes.new(name)
    mesh.to_mesh(data)
    mesh.free()
    box = bpy.data.objects.new(name, data)
    box.location = centre
    collection.objects.link(box)
    return box


def choose_emitters(rng):
    pieces = [item for item in bpy.data.collections["BUILDING"].objects if "support" not in item]
    chosen = []
    groups = [([p for p in pieces if p.name.startswith(kind)], share) for kind, share in SHARES]
    for members, _ in groups:
        rng.shuffle(members)
    for members, share in groups:
        chosen += members[: int(EMITTERS * share)]
    return chosen


def track(scene, emitters):
    """Where each emitter is on every second frame."""
    places = {emitter.name: {} for emitter in emitters}
    for frame in range(1, rigid_bodies.LAST + 1, 2):
        scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        for emitter in emitters:
            places[emitter.name][frame] = emitter.evaluated_get(graph).matrix_world.translation.copy()
    scene.frame_set(1)
    return places


def moving_span(places):
    """The first frame at which it moves, and a little after the last; nothing if it never does."""
    frames = sorted(places)
    moving = [(a, b) for a, b in zip(frames, frames[1:])
              if (places[b] - places[a]).length * 12 > MOVING_M_S]
    return (moving[0][0], min(moving[-1][1] + 6, 90)) if moving else None


def make_source(item, density, velocity_factor, outwards, distance):
    modifier = item.modifiers.new("Fluid", "FLUID")
    modifier.fluid_type = "FLOW"
    flow = modifier.flow_settings
    flow.flow_type, flow.flow_behavior = "SMOKE", "INFLOW"
    flow.density, flow.temperature, flow.surface_distance, flow.volume_density = density, 0, distance, 0
    flow.use_initial_velocity, flow.velocity_factor, flow.velocity_normal = True, velocity_factor, outwards
    flow.subframes, flow.smoke_color = 0, (0.7, 0.7, 0.7)
    return flow


def switch(item, flow, frame, on):
    flow.use_inflow = on
    item.keyframe_insert('modifiers["Fluid"].flow_settings.use_inflow', frame=frame)


def add_emitters(scene, rng):
    emitters = choose_emitters(rng)
    places = track(scene, emitters)
    for emitter in emitters:
        flow = make_source(emitter, rng.uniform(0.35, 1.0), 0.35, 0.0, 1.2)
        switch(emitter, flow, 1, False)
        if span := moving_span(places[emitter.name]):
            switch(emitter, flow, span[0], True)
            switch(emitter, flow, span[1], False)


def add_clouds(skirt, flow, number):
    """Uneven density that drifts, so that the front does not come as a wall."""
    clouds = bpy.data.textures.new(f"clouds {number}", "CLOUDS")
    clouds.noise_scale = 0.35
    flow.use_texture, flow.noise_texture = True, clouds
    flow.texture_map_type, flow.texture_size = "AUTO", 1
    for offset, frame in ((0, 1), (6, rigid_bodies.LAST)):
        flow.texture_offset = offset
        skirt.keyframe_insert('modifiers["Fluid"].flow_settings.texture_offset', frame=frame)


def add_skirts(effects):
    for number, (x, y, width, depth, start) in enumerate(SKIRTS):
        skirt = add_box(f"skirt {number}", (x, y, 1.2), (width, depth, 2.0), effects)
        skirt.hide_render = True
        flow = make_source(skirt, 0.8, 0, 5.0, 1.0)
        for frame, on in ((1, False), (start, True), (66, False)):
            switch(skirt, flow, frame, on)
        add_clouds(skirt, flow, number)


def add_neighbours(effects):
    for number, (x0, y0, x1, y1, height) in enumerate(NEIGHBOURS):
        centre = ((x0 + x1) / 2, (y0 + y1) / 2, height / 2)
        wall = add_box(f"dust wall {number}", centre, (x1 - x0, y1 - y0, height), effects)
        wall.hide_render = True
        modifier = wall.modifiers.new("Fluid", "FLUID")
        modifier.fluid_type = "EFFECTOR"
        modifier.effector_settings.effector_type = "COLLISION"


def dust_material(density):
    material = bpy.data.materials.new("dust")
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    volume = tree.nodes.new("ShaderNodeVolumePrincipled")
    volume.inputs["Density Attribute"].default_value = ""
    volume.inputs["Color"].default_value = (0.88, 0.83, 0.75, 1)
    volume.inputs["Anisotropy"].default_value = 0.25
    attribute = tree.nodes.new("ShaderNodeAttribute")
    attribute.attribute_name = "density"
    scaled = tree.nodes.new("ShaderNodeMath")
    scaled.operation = "MULTIPLY"
    scaled.inputs[1].default_value = density
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(attribute.outputs["Fac"], scaled.inputs[0])
    tree.links.new(scaled.outputs[0], volume.inputs["Density"])
    tree.links.new(volume.outputs[0], output.inputs["Volume"])
    return material


def add_domain(effects, resolution, cache):
    low, high = DOMAIN
    domain = add_box("dust", (low + high) / 2, high - low, effects)
    modifier = domain.modifiers.new("Fluid", "FLUID")
    modifier.fluid_type = "DOMAIN"
    settings = modifier.domain_settings
    settings.domain_type, settings.resolution_max, settings.use_adaptive_domain = "GAS", resolution, True
    settings.cache_type, settings.cache_directory, settings.cache_data_format = "ALL", str(cache), "OPENVDB"
    settings.cache_frame_start, settings.cache_frame_end = 1, rigid_bodies.LAST
    settings.openvdb_cache_compress_type, settings.openvdb_data_depth = "ZIP", "16"
    settings.use_adaptive_timesteps, settings.cfl_condition = True, 4
    settings.timesteps_min, settings.timesteps_max = 1, 3
    settings.alpha, settings.beta, settings.vorticity = -0.15, 0, 0.12  # heavier than air, no heat
    settings.use_dissolve_smoke, settings.use_collision_border_bottom = False, True
    for side in ("front", "back", "left", "right", "top"):
        setattr(settings, f"use_collision_border_{side}", False)
    domain.data.materials.append(dust_material(0.9))
    domain.cycles.use_motion_blur = False
    return domain


def main():
    parser = script.parser(__doc__)
    parser.add_argument("--resolution", type=int, default=128, help="cells along the longest side of the domain")
    arguments = script.parse(parser)
    scene = bpy.context.scene
    effects = bpy.data.collections["EFFECTS"]
    add_emitters(scene, random.Random(SEED))
    add_skirts(effects)
    add_neighbours(effects)
    domain = add_domain(effects, arguments.resolution, arguments.output / "dust")
    scene.cycles.volume_step_rate = 2
    bpy.context.view_layer.objects.active = domain
    domain.select_set(True)
    blend = str(arguments.output / "street_dust.blend")
    bpy.ops.wm.save_as_mainfile(filepath=blend, compress=False)  # the bake wants a saved file
    with script.step("dust"):
        bpy.ops.fluid.bake_all()
    bpy.ops.wm.save_as_mainfile(filepath=blend, compress=False)


main()
