#include "scene/packed_file.h"

#include "base/files.h"
#include "base/hash.h"

#include <libdeflate.h>

#include <memory>

namespace platefall {
namespace {

constexpr int kLevel = 1;   // disk is fast, and what is written is read soon

struct Header {
    std::uint64_t bytes = 0;
    Digest digest;
};

using Compressor = std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)>;
using Decompressor = std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>;

Error damaged(const std::string& path)
{
    return Error("'" + path + "' is damaged or not what was written there; delete it, and it is made again");
}

}  // namespace

void PackedWriter::bytes(const void* data, std::size_t size)
{
    const auto* from = static_cast<const std::byte*>(data);
    content_.insert(content_.end(), from, from + size);
}

void PackedWriter::put(std::string_view text)
{
    put(static_cast<std::uint64_t>(text.size()));
    bytes(text.data(), text.size());
}

void PackedWriter::save(const std::filesystem::path& path, std::string_view kind) const
{
    const Header header{content_.size(), Hasher().bytes(content_.data(), content_.size()).result()};
    const Compressor compressor(libdeflate_alloc_compressor(kLevel), libdeflate_free_compressor);
    const std::size_t start = kind.size() + 1 + sizeof header;
    std::vector<std::byte> file(start + libdeflate_deflate_compress_bound(compressor.get(), content_.size()));
    std::memcpy(file.data(), kind.data(), kind.size());
    file[kind.size()] = std::byte{'\n'};
    std::memcpy(file.data() + kind.size() + 1, &header, sizeof header);
    file.resize(start + libdeflate_deflate_compress(compressor.get(), content_.data(), content_.size(),
                                                    file.data() + start, file.size() - start));
    write_file_atomically(path, std::span<const std::byte>(file));
}

PackedReader::PackedReader(const std::filesystem::path& path, std::string_view kind) : path_(path.string())
{
    const std::string file = read_text_file(path);
    const std::size_t start = kind.size() + 1 + sizeof(Header);
    if (file.size() < start || file.substr(0, kind.size()) != kind || file[kind.size()] != '\n')
        throw damaged(path_);
    Header header;
    std::memcpy(&header, file.data() + kind.size() + 1, sizeof header);
    if (header.bytes / 1100 > file.size())   // more than deflate can hold: do not ask for that much memory
        throw damaged(path_);
    content_.resize(header.bytes);
    const Decompressor decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    const auto result = libdeflate_deflate_decompress(decompressor.get(), file.data() + start, file.size() - start,
                                                      content_.data(), content_.size(), nullptr);
    if (result != LIBDEFLATE_SUCCESS || Hasher().bytes(content_.data(), content_.size()).result() != header.digest)
        throw damaged(path_);
}

std::string PackedReader::text()
{
    const auto size = get<std::uint64_t>();
    return {reinterpret_cast<const char*>(take_many(size, 1)), size};
}

const std::byte* PackedReader::take(std::size_t size)
{
    return take_many(size, 1);
}

const std::byte* PackedReader::take_many(std::uint64_t count, std::size_t size)
{
    if (count > (content_.size() - at_) / size)
        throw damaged(path_);
    const std::byte* from = content_.data() + at_;
    at_ += count * size;
    return from;
}

}  // namespace platefall
