/// A folder of a test's own, gone when the test ends.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace platefall::test {

/// Unique among all tests of all processes that run at the same time.
class TempFolder {
public:
    TempFolder() : path(make()) {}
    ~TempFolder()
    {
        std::error_code ignored;   // a leftover folder must not hide the test's own result
        std::filesystem::remove_all(path, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    std::filesystem::path operator/(std::string_view name) const { return path / name; }

    const std::filesystem::path path;

private:
    static std::filesystem::path make()
    {
        std::string name = (std::filesystem::temp_directory_path() / "platefall-test-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot make a temporary folder " + name);
        return name;
    }
};

}  // namespace platefall::test
