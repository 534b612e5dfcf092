/// Self-contained HTML pages: one file that shows everything without a network.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace platefall {

/// What a page consists of beside the style that all pages share (report/page.css).
struct Page {
    std::string title;
    std::string body;            ///< HTML
    std::string style{};         ///< CSS of this page alone
    std::string script{};        ///< JavaScript, run once the body is there; reads `data`
    std::string data{};          ///< JSON that the script finds as the constant `data`; "" for none
};

/// The whole file. Its policy (CSP) forbids the browser to fetch anything at all.
std::string html(const Page& page);

/// Text as it may stand in HTML and in attributes.
std::string escaped(std::string_view text);

/// "data:image/png;base64,..."
std::string data_uri(std::string_view mime_type, std::span<const std::byte> content);

}  // namespace platefall
