"""The street that stays: ground, neighbours, lamps and parked cars. Metres, z up; the facades face -y."""

import math
from dataclasses import dataclass, field

import bmesh
import bpy
from mathutils import Matrix

import materials

GLASS, TRIM = 1, 2  # material slots of a neighbour; 0 is its wall


def box_object(name, boxes, slots):
    """One object of many boxes (x0, y0, z0, x1, y1, z1, material slot).

    Its origin is its centre, because Blender centres a BOX collision shape there.
    """
    vertices, faces, face_slots = [], [], []
    for x0, y0, z0, x1, y1, z1, slot in boxes:
        b = len(vertices)
        vertices += [(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)]
        vertices += [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)]
        faces += [(b, b + 3, b + 2, b + 1), (b + 4, b + 5, b + 6, b + 7), (b, b + 1, b + 5, b + 4)]
        faces += [(b + 1, b + 2, b + 6, b + 5), (b + 2, b + 3, b + 7, b + 6), (b + 3, b, b + 4, b + 7)]
        face_slots += [slot] * 6
    centre = [(min(axis) + max(axis)) / 2 for axis in zip(*vertices)]

    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(v[k] - centre[k] for k in range(3)) for v in vertices], [], faces)
    for slot in slots:
        mesh.materials.append(slot)
    mesh.polygons.foreach_set("material_index", face_slots)
    mesh.update()
    result = bpy.data.objects.new(name, mesh)
    result.location = centre
    return result


@dataclass
class Neighbour:
    name: str
    footprint: tuple  # x0, y0, x1, y1
    height: float
    wall: bpy.types.Material
    bays: int
    floors: int
    boxes: list = field(default_factory=list)

    def build(self, glass, trim):
        x0, y0, x1, y1 = self.footprint
        self.boxes.append((x0, y0 + 0.25, 0, x1, y1, self.height, 0))
        self.boxes.append((x0 - 0.2, y0 - 0.1, self.height - 0.5, x1 + 0.2, y1, self.height + 0.6, 0))
        for floor in range(self.floors):
            self._add_floor(floor * self.height / self.floors, (floor + 1) * self.height / self.floors)
        return box_object(self.name, self.boxes, [self.wall, glass, trim])

    def _add_floor(self, bottom, top):
        x0, y0, x1, _ = self.footprint
        bay = (x1 - x0) / self.bays
        back = y0 + 0.25
        for i in range(self.bays + 1):  # piers
            x = x0 + i * bay
            self.boxes.append((max(x0, x - 0.35), y0, bottom, min(x1, x + 0.35), back, top, 0))
        self.boxes.append((x0, y0 - 0.03, bottom, x1, back, bottom + 1.0, 0))
        self.boxes.append((x0, y0 - 0.08, bottom + 0.95, x1, back, bottom + 1.05, TRIM))
        sill, head = bottom + 1.05, top - 0.35
        for i in range(self.bays):  # a window with a post in its middle, and the lintel above it
            x = x0 + i * bay
            self.boxes.append((x + 0.35, y0 + 0.15, sill, x + bay - 0.35, y0 + 0.2499, head, GLASS))
            self.boxes.append((x + bay / 2 - 0.04, y0 + 0.1, sill, x + bay / 2 + 0.04, y0 + 0.2, head, TRIM))
            self.boxes.append((x + 0.35, y0 + 0.02, head, x + bay - 0.35, back, top, 0))


def _ground(palette):
    lane_marks = [(x, -20.1, 0.004, x + 3, -19.9, 0.012, 0) for x in range(-84, 84, 7)]
    crossing = [(-33 + 1.1 * k, -33, 0.004, -32.4 + 1.1 * k, -7, 0.012, 0) for k in range(6)]
    pavements = [(-90, -6, 0, 90, -0.3, 0.14, 0), (-90, -60, 0, 90, -34, 0.14, 0)]
    return [
        box_object("ground", [(-90, -90, -2, 90, 90, 0, 0)], [palette.asphalt]),
        box_object("pavements", pavements, [palette.pavement]),
        box_object("lane marks", lane_marks + crossing, [palette.paint]),
    ]


def _neighbours(palette):
    rows = [
        Neighbour("neighbour left", (-36, 0, -12.5, 15), 22, palette.brick, 7, 7),
        Neighbour("neighbour right", (12.5, 0, 36, 15), 34, palette.pale_plaster, 7, 11),
        Neighbour("far left", (-62, 0, -38, 15), 30, palette.blue_plaster, 8, 10),
        Neighbour("far right", (39, 0, 62, 15), 20, palette.brick, 7, 6),
        Neighbour("behind", (-40, 45, 40, 60), 26, palette.blue_plaster, 24, 8),
    ]
    return [row.build(palette.glass, palette.paint) for row in rows]


def _lamp(x, y, metal):
    mesh = bmesh.new()
    bmesh.ops.create_cone(mesh, cap_ends=True, segments=16, radius1=0.13, radius2=0.07, depth=8,
                          matrix=Matrix.Translation((0, 0, 4)))
    arm = Matrix.Translation((0.9, 0, 7.9)) @ Matrix.Rotation(math.pi / 2, 4, "Y")
    bmesh.ops.create_cone(mesh, cap_ends=True, segments=12, radius1=0.05, radius2=0.05, depth=2, matrix=arm)
    head = Matrix.Translation((1.9, 0, 7.85)) @ Matrix.Diagonal((0.8, 0.3, 0.15, 1))
    bmesh.ops.create_cube(mesh, size=1, matrix=head)
    return _finish(mesh, "lamp", [metal], (x, y, 0.1))


def _finish(mesh, name, slots, location):
    data = bpy.data.meshes.new(name)
    mesh.to_mesh(data)
    mesh.free()
    for slot in slots:
        data.materials.append(slot)
    result = bpy.data.objects.new(name, data)
    result.location = location
    return result


def _car(x, y, colour, number, palette):
    body = materials.plain(f"car {number}", colour, 0.25, 0.6)
    mesh = bmesh.new()
    bmesh.ops.create_cube(mesh, size=1,
                          matrix=Matrix.Translation((0, 0, 0.62)) @ Matrix.Diagonal((4.3, 1.75, 0.7, 1)))
    cabin = bmesh.ops.create_cube(
        mesh, size=1, matrix=Matrix.Translation((-0.2, 0, 1.2)) @ Matrix.Diagonal((2.5, 1.55, 0.55, 1)))
    for vertex in cabin["verts"]:  # the roof is smaller than the waistline
        if vertex.co.z > 1.2:
            vertex.co.x = -0.2 + (vertex.co.x + 0.2) * 0.7
            vertex.co.y *= 0.88
    bmesh.ops.bevel(mesh, geom=mesh.edges[:], offset=0.09, segments=2, affect="EDGES")
    for wheel_x in (-1.35, 1.35):
        for wheel_y in (-0.8, 0.8):
            wheel = Matrix.Translation((wheel_x, wheel_y, 0.33)) @ Matrix.Rotation(math.pi / 2, 4, "X")
            bmesh.ops.create_cone(mesh, cap_ends=True, segments=20, radius1=0.33, radius2=0.33, depth=0.22,
                                  matrix=wheel)
    result = _finish(mesh, f"car {number}", [body, palette.glass, palette.metal], (x, y, 0))
    for face in result.data.polygons:
        if 0.98 < face.center.z < 1.44 and abs(face.normal.z) < 0.8:
            face.material_index = 1
        elif face.center.z < 0.4:
            face.material_index = 2
    return result


CARS = [
    (-17, -31.6, (0.35, 0.03, 0.03)),
    (-6.5, -31.8, (0.05, 0.08, 0.2)),
    (9, -31.7, (0.5, 0.5, 0.5)),
    (20, -31.6, (0.04, 0.12, 0.07)),
    (-12, -8.2, (0.3, 0.3, 0.28)),
    (6, -8.3, (0.02, 0.02, 0.025)),
]


def build(palette, environment, foreground):
    """Fills the two collections; returns what falling pieces collide with."""
    ground, pavements, lane_marks = _ground(palette)
    left, right, *others = _neighbours(palette)
    for item in (ground, pavements, lane_marks, left, right, *others):
        environment.objects.link(item)
    for x in (-22, -3.5, 16):
        foreground.objects.link(_lamp(x, -33.4, palette.metal))
    for number, (x, y, colour) in enumerate(CARS):
        foreground.objects.link(_car(x, y, colour, number, palette))
    return ground, pavements, left, right
