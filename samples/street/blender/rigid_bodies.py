"""How the building is held together and let go: rigid bodies, breakable constraints, and the blast.

On START the ground floor's columns are pulled down one after the other, from the left and the front.
"""

import math

import bpy

import building

START = 10  # of the timeline
LAST = 72
MAX_CONSTRAINTS = 4000
MAX_PER_PIECE = 3
TOUCHING_M = 0.03
GRID_M = 2.0

STRENGTH = {"slab": 2600, "column": 3500, "panel": 350, "glass": 60, "wall": 700}


def _world(scene, constraints):
    bpy.ops.rigidbody.world_add()
    world = scene.rigidbody_world
    world.collection = bpy.data.collections.new("RIGID BODIES")
    scene.collection.children.link(world.collection)
    world.constraints = constraints
    world.substeps_per_frame = 10
    world.solver_iterations = 20
    world.use_split_impulse = False
    world.point_cache.frame_start, world.point_cache.frame_end = 1, LAST
    return world


def _add_obstacle(world, item):
    world.collection.objects.link(item)
    body = item.rigid_body
    body.type = "PASSIVE"
    body.collision_shape = "MESH" if item.name == "pavements" else "BOX"
    body.friction = 0.8
    body.use_margin, body.collision_margin = True, 0.01


def _add_body(world, piece):
    world.collection.objects.link(piece.object)
    body = piece.object.rigid_body
    body.type = "ACTIVE"
    body.collision_shape = "CONVEX_HULL"
    body.mass = max(piece.mass_kg, 5)
    body.friction, body.restitution = 0.7, 0.03
    body.use_margin, body.collision_margin = True, 0.002
    body.linear_damping, body.angular_damping = 0.03, 0.15
    body.kinematic = True
    body.keyframe_insert("kinematic", frame=1)


def _release(piece):
    body = piece.object.rigid_body
    body.kinematic = False
    body.keyframe_insert("kinematic", frame=START)


def _pull_down(piece, rng):
    """A blasted column sinks into the ground within two frames."""
    item = piece.object
    across = (item.location.x + building.WIDTH / 2) / building.WIDTH
    along = item.location.y / building.DEPTH
    moment = max(START, START + 1 + round(9 * across + 3 * along + rng.uniform(-1, 1)))
    item.keyframe_insert("location", frame=moment)
    item.location.z -= 4.5
    item.keyframe_insert("location", frame=moment + 2)
    item.location.z += 4.5
    for curve in item.animation_data.action.fcurves:
        for key in curve.keyframe_points:
            key.interpolation = "LINEAR" if curve.data_path == "location" else "CONSTANT"
    item["support"] = 1


def _grid(pieces):
    """Which pieces come near each cell of a coarse grid."""
    cells = {}
    for index, piece in enumerate(pieces):
        spans = [range(math.floor((piece.low[axis] - TOUCHING_M) / GRID_M),
                       math.floor((piece.high[axis] + TOUCHING_M) / GRID_M) + 1) for axis in range(3)]
        for cell in ((a, b, c) for a in spans[0] for b in spans[1] for c in spans[2]):
            cells.setdefault(cell, []).append(index)
    return cells


def _touching_pairs(pieces):
    """Pairs of pieces whose boxes touch, and where; in an order that does not change."""
    pairs = {}
    for members in _grid(pieces).values():
        for position, first in enumerate(members):
            for second in members[position + 1 :]:
                pair = (min(first, second), max(first, second))
                a, b = pieces[pair[0]], pieces[pair[1]]
                low = [max(a.low[axis], b.low[axis]) for axis in range(3)]
                high = [min(a.high[axis], b.high[axis]) for axis in range(3)]
                if pair not in pairs and min(h - l for l, h in zip(low, high)) >= -TOUCHING_M:
                    pairs[pair] = tuple((l + h) / 2 for l, h in zip(low, high))
    return pairs


def _choose(pairs, pieces, rng):
    """At most three constraints a piece within its element, and three to others."""
    within = [pair for pair in pairs if pieces[pair[0]].element == pieces[pair[1]].element]
    between = [pair for pair in pairs if pieces[pair[0]].element != pieces[pair[1]].element]
    rng.shuffle(within)
    rng.shuffle(between)
    chosen = []
    for candidates in (within, between):
        held = {}
        for pair in candidates:
            if all(held.get(index, 0) < MAX_PER_PIECE for index in pair):
                chosen.append(pair)
                for index in pair:
                    held[index] = held.get(index, 0) + 1
    rng.shuffle(chosen)
    return chosen[:MAX_CONSTRAINTS]


def _add_constraint(number, a, b, place, collection, rng):
    holder = bpy.data.objects.new(f"constraint {number}", None)
    holder.empty_display_size = 0.1
    holder.location = place
    collection.objects.link(holder)
    constraint = holder.rigid_body_constraint
    constraint.type = "FIXED"
    constraint.object1, constraint.object2 = a.object, b.object
    constraint.disable_collisions = a.element == b.element
    constraint.use_breaking = True
    near_the_blast = 0.35 if min(a.floor, b.floor) <= 1 else 1
    strength = min(STRENGTH[a.kind], STRENGTH[b.kind])
    constraint.breaking_threshold = strength * rng.uniform(0.6, 1.5) * near_the_blast


def build(scene, pieces, obstacles, constraints, rng):
    """Makes everything ready for bake_rigid_bodies.py; `constraints` is the collection they go into."""
    world = _world(scene, constraints)
    for item in obstacles:
        _add_obstacle(world, item)
    for piece in pieces:
        _add_body(world, piece)
        if piece.kind == "column" and piece.floor == 0:
            _pull_down(piece, rng)
        else:
            _release(piece)

    pairs = _touching_pairs(pieces)
    for number, pair in enumerate(_choose(pairs, pieces, rng)):
        a, b = pieces[pair[0]], pieces[pair[1]]
        _add_constraint(number, a, b, pairs[pair], constraints, rng)
    constraints.hide_render = True
