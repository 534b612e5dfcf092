# Everything that comes from outside. All of it is packaged by Debian 12; samples/install_packages.sh has the
# package names.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenImageIO REQUIRED)
find_package(OpenColorIO REQUIRED)
find_package(OpenCV REQUIRED COMPONENTS core imgproc)
find_package(TBB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
