#include "report/page.h"

#include <fmt/format.h>

#include <cstdint>

namespace platefall {
namespace {

constexpr std::string_view kStyle =
#include "report/page.css.inc"
    ;

/// JSON inside a script element: no "</script>" or "<!--" may come out of somebody's text.
std::string harmless(std::string_view json)
{
    std::string text;
    for (const char c : json)
        text += c == '<' ? "\\u003c" : std::string(1, c);
    return text;
}

std::string base64(std::span<const std::byte> content)
{
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((content.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < content.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, content.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8 | (k < count ? std::to_integer<std::uint32_t>(content[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= count ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

}  // namespace

std::string html(const Page& page)
{
    const std::string data = page.data.empty() ? "null" : harmless(page.data);
    std::string text = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; media-src data:; "
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n{}\n",
        escaped(page.title), kStyle, page.style, page.body);
    if (!page.script.empty())
        text += fmt::format("<script>\n\"use strict\";\nconst data = {};\n{}</script>\n", data, page.script);
    return text + "</body>\n</html>\n";
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text)
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    return out;
}

std::string data_uri(std::string_view mime_type, std::span<const std::byte> content)
{
    return fmt::format("data:{};base64,{}", mime_type, base64(content));
}

}  // namespace platefall
