#include "scene/scene_files.h"

#include "base/files.h"

#include <platefall/error.h>

// Its types know each other by the addresses of hidden statics unless they are visible: initialize() would crash.
#pragma GCC visibility push(default)
#include <openvdb/openvdb.h>
#pragma GCC visibility pop

#include <mutex>

namespace platefall {
namespace {

void initialise()
{
    static std::once_flag once;
    std::call_once(once, [] { openvdb::initialize(); });
}

/// Cells of a dense box, x fastest, where `value(index)` is not nothing.
template <class Grid, class Value>
typename Grid::Ptr grid_of(const std::string& name, const std::array<int, 3>& cells, double size_m,
                           const Vec3f& low, Value value)
{
    auto grid = Grid::create();
    grid->setName(name);
    grid->setSaveFloatAsHalf(true);
    auto transform = openvdb::math::Transform::createLinearTransform(size_m);
    // A voxel's place in OpenVDB is its middle.
    transform->postTranslate({low.x + size_m / 2, low.y + size_m / 2, low.z + size_m / 2});
    grid->setTransform(transform);
    auto at = grid->getAccessor();
    std::size_t index = 0;
    for (int z = 0; z < cells[2]; ++z)
        for (int y = 0; y < cells[1]; ++y)
            for (int x = 0; x < cells[0]; ++x, ++index)
                if (const auto own = value(index); own != openvdb::zeroVal<typename Grid::ValueType>())
                    at.setValue({x, y, z}, own);
    return grid;
}

openvdb::GridPtrVec grids_of(const DustFrame& frame)
{
    const DustFrame clear{
        .low = frame.low, .cell_m = frame.cell_m, .cells = {}, .density = {}, .velocity = {}, .strain = {}};
    const DustFrame& dust = frame.is_clear() ? clear : frame;
    const auto cell = static_cast<double>(frame.cell_m);
    auto density = grid_of<openvdb::FloatGrid>("density", dust.cells, cell, dust.low, [&](std::size_t i) {
        return dust.density[0][i] + dust.density[1][i];
    });
    auto coarse = grid_of<openvdb::FloatGrid>("coarse", dust.cells, cell, dust.low,
                                              [&](std::size_t i) { return dust.density[1][i]; });
    density->setGridClass(openvdb::GRID_FOG_VOLUME);
    coarse->setGridClass(openvdb::GRID_FOG_VOLUME);
    auto velocity = grid_of<openvdb::Vec3SGrid>("vel", dust.blocks(), 2 * cell, dust.low, [&](std::size_t i) {
        return openvdb::Vec3s(dust.velocity[i].x, dust.velocity[i].y, dust.velocity[i].z);
    });
    velocity->setVectorType(openvdb::VEC_CONTRAVARIANT_RELATIVE);
    return {density, coarse, velocity};
}

}  // namespace

void write_vdb(const DustFrame& frame, const std::filesystem::path& path)
{
    initialise();
    std::filesystem::create_directories(path.parent_path());
    const std::filesystem::path temporary = temporary_beside(path);
    try {
        openvdb::io::File file(temporary.string());
        file.write(grids_of(frame));
        file.close();
    } catch (const openvdb::Exception& error) {
        std::filesystem::remove(temporary);
        throw Error("cannot write '" + path.string() + "': " + error.what());
    }
    publish(temporary, path);
}

}  // namespace platefall
