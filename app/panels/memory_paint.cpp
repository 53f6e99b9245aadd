#include "app/panels/memory_paint.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/layout/units.h"
#include "app/panels/memory_shared.h"

namespace heddle::panels {
namespace {

using model::RegionKind;

std::string_view region_key(RegionKind kind) {
    switch (kind) {
        case RegionKind::kKernel:
            return "region.kernel";
        case RegionKind::kStack:
            return "region.stack";
        case RegionKind::kMapped:
            return "region.mapped";
        case RegionKind::kHeap:
            return "region.heap";
        case RegionKind::kBss:
            return "region.bss";
        case RegionKind::kData:
            return "region.data";
        case RegionKind::kReadOnly:
            return "region.read_only";
        case RegionKind::kText:
            return "region.text";
        case RegionKind::kOther:
            return "region.other";
    }
    return "region.other";
}

// "libc.so.6 and 6 more" of a folded group, the file's name of a single mapping.
std::string group_names(const Context& context, const layout::RegionGroup& group) {
    std::vector<std::string_view> names;
    for (const model::RegionView* region : group.regions) {
        const std::string_view name = file_name(region->name);
        if (!name.empty() && name.front() != '[' && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    }
    if (names.empty()) return {};
    if (names.size() == 1) return std::string(names.front());
    return context.tr("region.and_more", {{"name", names.front()}, {"count", std::to_string(names.size() - 1)}});
}

std::string size_of(const Context& context, const layout::RegionGroup& group) {
    if (group.key.kind == RegionKind::kKernel) return context.tr("region.no_access");
    return Texts::bytes(group.mapped_bytes());
}

void paint_growth(Context& context, Vec2 center, model::Growth growth, Color color) {
    if (growth == model::Growth::kNone) return;
    const float half = 7 * context.scale(), sign = growth == model::Growth::kUp ? -1.f : 1.f;
    context.canvas().arrow({center.x, center.y - sign * half}, {center.x, center.y + sign * half},
                           {color, 1.75f, half * 0.9f, false});
}

void paint_header(Context& context, const layout::RegionBox& box) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const layout::RegionGroup& group = box.group;
    const model::RegionView& region = group.first();
    Rect header = box.header;
    if (box.can_open) {
        const canvas::Icon icon = box.open ? canvas::Icon::kChevronDown : canvas::Icon::kChevronRight;
        const float size = theme.size.small * 0.8f;
        canvas::draw_icon(canvas, icon, {header.right() - size / 2, header.center().y}, size, theme.color.text_dim);
        header.take_right(size, 4);
    }
    if (region.growth != model::Growth::kNone) {
        paint_growth(context, {header.right() - 6 * context.scale(), header.center().y}, region.growth, theme.color.text_dim);
        header.take_right(12 * context.scale(), 4);
    }
    const canvas::TextStyle title_style = theme.small().strong(), dim = theme.dim();
    std::string title = region_title(context, group);
    float mark = 0;
    if (region.thread != model::kNobody) {
        const float radius = theme.size.small * 0.42f;
        canvas::draw_shape(canvas, theme.thread_shape(region.thread), {header.x + radius, header.center().y}, radius,
                           theme.thread(region.thread).fill);
        mark = 2 * radius + 6;
        title += " " + thread_short(region.thread);
    }
    header.take_left(mark);
    const std::string size = size_of(context, group);
    const float title_width = std::min(header.w, canvas.measure(title, title_style) + 1);
    const float size_width = canvas.measure(size, dim) + 1;
    canvas.text(header.take_left(title_width, 8), title, title_style);
    if (header.w < size_width) return;
    canvas.text(header.take_right(size_width, 8), size, dim.at(canvas::Align::kRight));
    if (box.address.empty()) {
        const std::string address = layout::address_text(group.start);
        const float width = canvas.measure(address, theme.code_dim()) + 1;
        const float kept = group.key.kind == RegionKind::kMapped ? 120 * context.scale() : 0;  // for the files' names
        if (width + kept <= header.w) canvas.text(header.take_left(width, 8), address, theme.code_dim());
    }
    const std::string names = group.key.kind == RegionKind::kMapped ? group_names(context, group) : std::string();
    if (!names.empty() && header.w > 40 * context.scale())
        draw_middle_elided(context, header, names, dim.at(canvas::Align::kRight));
}

void paint_address(Context& context, const layout::RegionBox& box) {
    if (box.address.empty()) return;
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    Rect line = box.address;
    const std::string address = layout::address_text(box.group.start);
    canvas.text(line.take_left(canvas.measure(address, theme.code_dim()) + 2, 8), address, theme.code_dim());
    const std::uint64_t resident = box.group.resident_bytes();
    if (resident == 0) return;
    const std::string text = context.tr("region.resident", {{"size", Texts::bytes(resident)}});
    if (canvas.measure(text, theme.dim()) < line.w) canvas.text(line, text, theme.dim().at(canvas::Align::kRight));
}

// "freed by T2, line 12", as far as it is known.
std::string freed_text(const Context& context, const model::BlockView& block) {
    if (block.freed_by == model::kNobody) return context.tr("memory.freed");
    if (block.freed_line == 0) return context.tr("memory.freed_by", {{"thread", thread_short(block.freed_by)}});
    return context.tr("memory.freed_at",
                      {{"thread", thread_short(block.freed_by)}, {"line", std::to_string(block.freed_line)}});
}

void paint_block(Context& context, Rect box, const model::BlockView& block) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const canvas::TextStyle style = block.freed ? theme.dim() : theme.code_small();
    const float most = box.w * 0.6f;
    std::string value = block.freed ? freed_text(context, block) : block.contents;
    if (block.freed && canvas.measure(value, style) + 1 > most) value = context.tr("memory.freed");
    const Rect value_box = box.take_right(std::min(most, canvas.measure(value, style) + 1), 8);
    canvas.text(value_box, value, (block.changed ? style.strong() : style).at(canvas::Align::kRight));
    std::string left = Texts::bytes(block.size);
    if (!block.allocated_at.empty()) left += " · " + block.allocated_at;
    draw_middle_elided(context, box, left, theme.code_dim());
    if (!block.freed) return;
    // Striped where its contents would stand: nothing is there any more.
    box.take_left(std::min(box.w, canvas.measure(left, theme.code_dim())), 8);
    if (box.w > theme.size.small)
        canvas.pattern(box.inset(0, 4), canvas::Pattern::kStripes, theme.color.border_strong, theme.color.raised,
                       theme.size.radius_small);
}

void paint_row(Context& context, const layout::MemoryRow& row, float lit) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const float indent = static_cast<float>(row.depth) * 12 * context.scale();
    const bool changed = (row.variable && row.variable->changed) || (row.block && row.block->changed);
    if (changed) {
        const model::Number writer = row.variable ? row.variable->writer : row.block->owner;
        const ThreadLook& look = theme.thread(writer);
        const Rect glow = row.box.inset(-4, 1);
        canvas.fill(glow, writer == model::kNobody ? theme.color.selected : mix(look.tint, look.fill, lit * 0.35f),
                    theme.size.radius_small);
    }
    if (row.variable) {
        paint_variable(context, row.box, *row.variable, indent);
    } else if (row.frame) {
        const std::string place =
            row.frame->line > 0 ? std::string(file_name(row.frame->file)) + ":" + std::to_string(row.frame->line) : "";
        Rect box = row.box;
        const float width = std::min(box.w / 2, canvas.measure(place, theme.dim()) + 1);
        if (!place.empty()) draw_middle_elided(context, box.take_right(width, 8), place, theme.dim().at(canvas::Align::kRight));
        canvas.text(box, row.frame->function + "()", theme.code_small().strong());
    } else if (row.block) {
        paint_block(context, row.box, *row.block);
    } else if (row.region) {
        Rect box = row.box;
        const std::string address = layout::address_text(row.region->start) + " " + row.region->permissions;
        canvas.text(box.take_left(std::min(box.w * 0.7f, canvas.measure(address, theme.code_dim()) + 2), 8), address,
                    theme.code_dim());
        draw_middle_elided(context, box, file_name(row.region->name), theme.dim().at(canvas::Align::kRight));
    } else if (row.hidden > 0) {
        canvas.text(row.box, context.tr("memory.more", {{"count", std::to_string(row.hidden)}}), theme.dim());
    }
}

}  // namespace

std::string region_title(const Context& context, const layout::RegionGroup& group) {
    const model::RegionView& region = group.first();
    const bool shared_memory = region.permissions.size() > 3 && region.permissions[3] == 's';
    if (shared_memory) return context.tr("region.shared_memory");
    return context.tr(region_key(group.key.kind));
}

void paint_variable(Context& context, Rect box, const model::VariableView& variable, float indent) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const canvas::TextStyle code = theme.code_small();
    const bool two_lines = box.h > theme.size.small * 2.6f;
    Rect second;
    if (two_lines) {
        Rect first = box.take_top(box.h / 2);
        second = box;
        box = first;
    }
    box.take_left(indent);
    const bool known = !variable.value.empty();
    canvas::TextStyle value_style = known ? code : code.in(theme.color.text_dim);
    if (variable.changed) {
        value_style = value_style.strong();
        if (variable.writer != model::kNobody) value_style.color = theme.thread(variable.writer).text;
    }
    const std::string value = value_text(context, variable);
    const float wanted = canvas.measure(value, value_style) + 1;
    const float name_width = canvas.measure(variable.name, code) + 1;
    const float value_width = std::min(wanted, std::max(box.w * 0.5f, box.w - name_width - 12));
    canvas.text(box.take_right(value_width, 12), value, value_style.at(canvas::Align::kRight));
    canvas.text(box.take_left(std::min(box.w, name_width), 10), variable.name, variable.changed ? code.strong() : code);
    const std::string where = layout::address_text(variable.address);
    if (two_lines) {
        second.take_left(indent);
        canvas.text(second, variable.type + "  " + where, theme.code_dim());
        return;
    }
    if (canvas.measure(variable.type, theme.code_dim()) + 12 < box.w) {
        canvas.text(box.take_left(canvas.measure(variable.type, theme.code_dim()) + 1, 12), variable.type, theme.code_dim());
    }
    if (canvas.measure(where, theme.code_dim()) + 8 < box.w)
        canvas.text(box, where, theme.code_dim().at(canvas::Align::kRight));
}

void paint_region(Context& context, const model::Snapshot& snapshot, const layout::RegionBox& box, float lit, bool hovered) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const bool kernel = box.group.key.kind == RegionKind::kKernel;
    canvas.fill(box.box,
                kernel    ? theme.color.selected
                : hovered ? theme.color.hover
                          : theme.color.raised,
                theme.size.radius_small);
    const model::Number actor = acting_thread(snapshot);
    if (box.group.changed() && actor != model::kNobody) {
        canvas.stroke(box.box, theme.thread(actor).fill, 2 + lit, theme.size.radius_small);
    } else {
        canvas.stroke(box.box, theme.color.border, 1, theme.size.radius_small);
    }
    if (box.group.first().thread != model::kNobody) {
        const Rect band{box.box.x, box.box.y + 1, 4 * context.scale(), box.box.h - 2};
        canvas.fill(band, theme.thread(box.group.first().thread).fill, theme.size.radius_small);
    }
    paint_header(context, box);
    paint_address(context, box);
    for (const layout::MemoryRow& row : box.rows) paint_row(context, row, lit);
}

void paint_gap(Context& context, const layout::GapBox& gap) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    // Between user and kernel space lie addresses that the processor itself refuses (not canonical): nobody can map them.
    const bool hole = gap.bytes >> 56 != 0;
    const std::string text = hole ? context.tr("memory.hole") : context.tr("memory.gap", {{"size", Texts::bytes(gap.bytes)}});
    const canvas::TextStyle style = theme.dim().at(canvas::Align::kCenter);
    const float width = std::min(canvas.measure(text, style), gap.box.w);
    const float y = std::round(gap.box.center().y), side = (gap.box.w - width) / 2 - 8;
    if (side > 4) {
        canvas.dashed_line({gap.box.x + 4, y}, {gap.box.x + side, y}, theme.color.border_strong, 1.5f, 2, 5);
        canvas.dashed_line({gap.box.right() - side, y}, {gap.box.right() - 4, y}, theme.color.border_strong, 1.5f, 2, 5);
    }
    canvas.text(gap.box, text, style);
}

void paint_join(Context& context, const layout::SharedJoin& join, std::string_view caption) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const Rect band = join.band.inset(0, std::min(6.f, join.band.h / 4));
    canvas.fill(band, theme.color.accent_tint);
    canvas.hline(band.x, band.right(), band.y, theme.color.accent);
    canvas.hline(band.x, band.right(), band.bottom() - 1, theme.color.accent);
    if (!caption.empty() && canvas.measure(caption, theme.dim()) < band.w)
        canvas.text(band, caption, theme.dim().at(canvas::Align::kCenter));
}

void paint_pointer(Context& context, const layout::PointerArrow& arrow) {
    const Theme& theme = context.theme();
    const float head = 7 * context.scale();
    if (std::abs(arrow.to.y - arrow.from.y) < 2) return;
    const Color color = arrow.dangling ? theme.color.error_text : theme.color.text_dim;
    const std::array<Vec2, 4> path = {arrow.from, Vec2{arrow.bend_x, arrow.from.y}, Vec2{arrow.bend_x, arrow.to.y},
                                      Vec2{arrow.to.x + head * 0.8f, arrow.to.y}};
    canvas::Canvas& canvas = context.canvas();
    canvas.circle(arrow.from, 2.5f * context.scale(), color);
    if (!arrow.dangling) {
        canvas.polyline(path, color, 1.5f);
        return canvas.arrow({arrow.bend_x, arrow.to.y}, arrow.to, {color, 1.5f, head, false});
    }
    // Broken: what it points to is gone.
    for (std::size_t i = 1; i < path.size(); ++i) canvas.dashed_line(path[i - 1], path[i], color, 1.5f, 3, 3);
    const Vec2 end{arrow.to.x + head * 0.8f, arrow.to.y};
    const float arm = 4 * context.scale();
    canvas.line({end.x - arm, end.y - arm}, {end.x + arm, end.y + arm}, color, 2);
    canvas.line({end.x - arm, end.y + arm}, {end.x + arm, end.y - arm}, color, 2);
}

}  // namespace heddle::panels
