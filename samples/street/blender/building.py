"""The building that falls: 10 storeys of slabs, columns, panels, glass and partitions, broken into convex pieces.

Metres, z up. The footprint is 20 x 14 m, its facade lies at y = 0 and faces -y. Every random number comes from
one generator in one order: same seed, same pieces.
"""

import math
import sys
from dataclasses import dataclass

import bmesh
import bpy
from mathutils import Vector

sys.path.insert(0, "/usr/share/blender/scripts/addons")
from object_fracture_cell.fracture_cell_calc import points_as_bmesh_cells  # noqa: E402  (Blender's own Voronoi)

BAYS_X, BAYS_Y = 4, 3
BAY_WIDTH, BAY_DEPTH = 5.0, 14.0 / 3
WIDTH, DEPTH = BAYS_X * BAY_WIDTH, BAYS_Y * BAY_DEPTH
FLOORS, FLOOR_HEIGHT = 10, 3.0
CEILING = 2.7  # of a floor, above its lower slab
PANEL = 0.14  # thickness

DENSITY_KG_M3 = {"slab": 2400, "column": 2400, "panel": 1800, "glass": 1500, "wall": 1600}


@dataclass
class Element:
    kind: str
    floor: int
    box: tuple  # x0, y0, z0, x1, y1, z1
    cells: int
    material: bpy.types.Material


@dataclass
class Piece:
    object: bpy.types.Object
    kind: str
    floor: int
    mass_kg: float
    low: Vector
    high: Vector
    element: int


def _columns(floor, z, palette):
    for i in range(BAYS_X + 1):
        for j in range(BAYS_Y + 1):
            x = min(max(-WIDTH / 2 + i * BAY_WIDTH, -WIDTH / 2 + 0.40), WIDTH / 2 - 0.40)
            y = min(max(j * BAY_DEPTH, 0.45), DEPTH - 0.45)
            box = (x - 0.22, y - 0.22, z, x + 0.22, y + 0.22, z + CEILING)
            yield Element("column", floor, box, 2 if floor > 1 else 3, palette.concrete)


def _bay_across(floor, z, x0, y0, y1, palette):
    """A bay of the front or the back: parapet, pier, window."""
    x1 = x0 + BAY_WIDTH
    yield Element("panel", floor, (x0, y0, z, x1, y1, z + 1.0), 3, palette.facade)
    yield Element("panel", floor, (x0, y0, z + 1.0, x0 + 1.2, y1, z + CEILING), 2, palette.facade)
    pane = (x0 + 1.2, y0 + 0.05, z + 1.0, x1, y1 - 0.05, z + CEILING)
    yield Element("glass", floor, pane, 2, palette.glass)


def _bay_along(floor, z, x0, x1, y0, y1, palette):
    """A bay of a side wall."""
    yield Element("panel", floor, (x0, y0, z, x1, y1, z + 1.0), 3, palette.facade)
    yield Element("panel", floor, (x0, y0, z + 1.0, x1, y0 + 1.2, z + CEILING), 2, palette.facade)
    pane = (x0 + 0.05, y0 + 1.2, z + 1.0, x1 - 0.05, y1, z + CEILING)
    yield Element("glass", floor, pane, 2, palette.glass)


def _outer_walls(floor, z, palette):
    for i in range(BAYS_X):
        for y0, y1 in ((0, PANEL), (DEPTH - PANEL, DEPTH)):
            yield from _bay_across(floor, z, -WIDTH / 2 + i * BAY_WIDTH, y0, y1, palette)
    for j in range(BAYS_Y):
        y0 = j * BAY_DEPTH + (PANEL if j == 0 else 0)
        y1 = (j + 1) * BAY_DEPTH - (PANEL if j == BAYS_Y - 1 else 0)
        for x0, x1 in ((-WIDTH / 2, -WIDTH / 2 + PANEL), (WIDTH / 2 - PANEL, WIDTH / 2)):
            yield from _bay_along(floor, z, x0, x1, y0, y1, palette)


def elements(palette):
    """Everything the building is made of, storey by storey, roof house and roof parapets last."""
    for floor in range(FLOORS):
        z = floor * FLOOR_HEIGHT
        slab = (-WIDTH / 2, 0, z + CEILING, WIDTH / 2, DEPTH, z + FLOOR_HEIGHT)
        yield Element("slab", floor, slab, 56, palette.concrete)
        yield from _columns(floor, z, palette)
        yield from _outer_walls(floor, z, palette)
        yield Element("wall", floor, (-2, 6, z, 2.4, 6.2, z + CEILING), 4, palette.concrete)
        yield Element("wall", floor, (-2, 9.8, z, 2.4, 10.0, z + CEILING), 4, palette.concrete)
    roof = FLOORS * FLOOR_HEIGHT
    yield Element("wall", FLOORS - 1, (-3, 6, roof, 2, 10, roof + 2.4), 12, palette.concrete)
    for y0, y1 in ((0, 0.2), (DEPTH - 0.2, DEPTH)):
        parapet = (-WIDTH / 2, y0, roof, WIDTH / 2, y1, roof + 0.9)
        yield Element("panel", FLOORS - 1, parapet, 14, palette.facade)


def _slab_seeds(low, size, rng):
    columns, rows = 8, 7
    return [
        Vector((low[0] + size[0] * (a + 0.5 + rng.uniform(-0.42, 0.42)) / columns,
                low[1] + size[1] * (b + 0.5 + rng.uniform(-0.42, 0.42)) / rows,
                low[2] + size[2] * rng.uniform(0.2, 0.8)))
        for a in range(columns) for b in range(rows)
    ]


def _seeds_along_longest_side(low, size, count, rng):
    longest = max(range(3), key=lambda axis: size[axis])
    seeds = []
    for k in range(count):
        place = [rng.uniform(0.2, 0.8) for _ in range(3)]
        place[longest] = (k + 0.5 + rng.uniform(-0.3, 0.3)) / count
        seeds.append(Vector(low[axis] + size[axis] * place[axis] for axis in range(3)))
    return seeds


def _cells(element, rng):
    """The Voronoi cells of an element, each as its centre and its corners around that."""
    low, high = element.box[:3], element.box[3:]
    size = [high[axis] - low[axis] for axis in range(3)]
    if element.kind == "slab":
        seeds = _slab_seeds(low, size, rng)
    else:
        seeds = _seeds_along_longest_side(low, size, element.cells, rng)
    corners = [(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])]
    return points_as_bmesh_cells(corners, seeds, margin_bounds=0.0, margin_cell=0.002)


def _hull(corners):
    """The convex hull as a mesh, or nothing when the cell is degenerate."""
    mesh = bmesh.new()
    for corner in corners:
        mesh.verts.new(corner)
    bmesh.ops.remove_doubles(mesh, verts=mesh.verts[:], dist=1e-4)
    if len(mesh.verts) >= 4:
        bmesh.ops.convex_hull(mesh, input=mesh.verts[:])
        bmesh.ops.dissolve_limit(mesh, angle_limit=math.radians(1), verts=mesh.verts[:], edges=mesh.edges[:])
        if abs(mesh.calc_volume()) >= 1e-4:
            return mesh
    mesh.free()
    return None


def _is_broken_face(normal):
    """Faces along an axis are the element's own surface; the others are where it broke."""
    return max(abs(normal.x), abs(normal.y), abs(normal.z)) < 0.995


def _piece(element, index, seed, corners, number, palette):
    hull = _hull(corners)
    if hull is None:
        return None
    volume = abs(hull.calc_volume())
    world = [vertex.co + seed for vertex in hull.verts]
    centre = sum(world, Vector()) / len(world)
    for vertex, place in zip(hull.verts, world):
        vertex.co = place - centre
    data = bpy.data.meshes.new(f"piece {number}")
    hull.to_mesh(data)
    hull.free()

    rest = data.attributes.new("rest", "FLOAT_VECTOR", "POINT")
    rest.data.foreach_set("vector", [value for place in world for value in place])
    data.materials.append(element.material)
    if element.kind == "panel":  # plaster outside, bare concrete where it broke
        data.materials.append(palette.concrete)
        for face in data.polygons:
            face.material_index = int(_is_broken_face(face.normal))

    item = bpy.data.objects.new(f"{element.kind}_{element.floor:02d}_{number:04d}", data)
    item.location = centre
    low = Vector(min(place[axis] for place in world) for axis in range(3))
    high = Vector(max(place[axis] for place in world) for axis in range(3))
    return Piece(item, element.kind, element.floor, volume * DENSITY_KG_M3[element.kind], low, high, index)


def build(palette, collection, rng):
    """Breaks every element and fills the collection."""
    pieces = []
    for index, element in enumerate(elements(palette)):
        for seed, corners in _cells(element, rng):
            piece = _piece(element, index, seed, corners, len(pieces), palette) if len(corners) >= 4 else None
            if piece:
                collection.objects.link(piece.object)
                pieces.append(piece)
    return pieces
