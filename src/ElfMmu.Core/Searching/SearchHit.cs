using System.Globalization;
using System.Text;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Reading;
using ElfMmu.Spaces;

namespace ElfMmu.Searching;

/// <summary>A place where a pattern was found, as an object that can leave its dump.</summary>
public sealed class SearchHit
{
    private readonly MappingAttributes? _attributes;

    /// <summary>Makes a hit.</summary>
    /// <param name="attributes">Those of the page that the hit starts in; null in physical memory.</param>
    internal SearchHit(MappingAttributes? attributes) => _attributes = attributes;

    /// <summary>The virtual address of the first byte; null in a search of physical memory.</summary>
    public ulong? VirtualAddress { get; internal init; }

    /// <summary>The physical address of the first byte.</summary>
    public required ulong PhysicalAddress { get; init; }

    /// <summary>How many bytes were matched.</summary>
    public int Length => Bytes.Length;

    /// <summary>The pattern that was found, as it was written.</summary>
    public required string Pattern { get; init; }

    /// <summary>How the text was stored that a pattern of text found; null for other patterns.</summary>
    public TextEncoding? Encoding { get; internal init; }

    /// <summary>
    /// The hit and what is around it in hexadecimal, the hit in brackets, as <see cref="ToHex"/> writes it. Made when it is asked for.
    /// </summary>
    public string Hex => ToHex();

    /// <summary>The same as characters of ASCII, as <see cref="ToText"/> writes it. Made when it is asked for.</summary>
    public string Text => ToText();

    /// <summary>The bytes that were matched.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>The bytes before it, the last one next to it; null for each that isn't mapped or isn't in the dump.</summary>
    public required IReadOnlyList<byte?> ContextBefore { get; init; }

    /// <summary>The bytes behind it; null for each that isn't mapped or isn't in the dump.</summary>
    public required IReadOnlyList<byte?> ContextAfter { get; init; }

    /// <summary>
    /// Effective rights in supervisor mode to the page it starts in: <c>rwx</c> with dashes for what is missing; null in a search of physical
    /// memory.
    /// </summary>
    public string? SupervisorRights => _attributes is { } a ? RightsFormat.Format(a.Supervisor) : null;

    /// <summary>Effective rights in user mode to the page it starts in; null in a search of physical memory.</summary>
    public string? UserRights => _attributes is { } a ? RightsFormat.Format(a.User) : null;

    /// <summary>The size in bytes of the page it starts in; null in a search of physical memory.</summary>
    public ulong? PageSize => _attributes?.PageSize;

    /// <summary>What stands behind the physical address: always RAM, for nothing else has bytes in a dump.</summary>
    public RegionKind Kind => RegionKind.Ram;

    /// <summary>The file that holds the first byte.</summary>
    public required string File { get; init; }

    /// <summary>Where the first byte is in <see cref="File"/> (of a packed dump, in what is unpacked).</summary>
    public required ulong FileOffset { get; init; }

    /// <summary>The dump it was found in.</summary>
    public required DumpIdentity Dump { get; init; }

    /// <summary>The address space it was found in; null in a search of physical memory.</summary>
    public SpaceIdentity? Space { get; internal init; }

    /// <summary>The physical address of the space's top table; null in a search of physical memory.</summary>
    public ulong? Root => Space?.Root;

    /// <summary>
    /// The hit and what is around it in hexadecimal, the hit in brackets, <c>..</c> for what isn't there: <c>00 41 [42 43] 44 ..</c>.
    /// </summary>
    /// <param name="before">At most so many bytes before it.</param>
    /// <param name="own">At most so many of its own.</param>
    /// <param name="after">At most so many behind it.</param>
    public string ToHex(int before = int.MaxValue, int own = int.MaxValue, int after = int.MaxValue)
    {
        var text = new StringBuilder();
        foreach (byte? b in ContextBefore.Skip(Math.Max(0, ContextBefore.Count - before)))
        {
            Append(b).Append(' ');
        }

        text.Append('[');
        for (int i = 0; i < Math.Min(own, Bytes.Length); i++)
        {
            Append(Bytes[i]).Append(i + 1 < Math.Min(own, Bytes.Length) ? " " : "");
        }

        text.Append(own < Bytes.Length ? "…]" : "]");
        foreach (byte? b in ContextAfter.Take(after))
        {
            text.Append(' ');
            Append(b);
        }

        return text.ToString();

        StringBuilder Append(byte? b) => b is { } value ? text.Append(value.ToString("x2", CultureInfo.InvariantCulture)) : text.Append("..");
    }

    /// <summary>
    /// The same as characters of ASCII, without brackets; <c>.</c> for all others, a blank for what isn't there.
    /// </summary>
    public string ToText(int before = int.MaxValue, int own = int.MaxValue, int after = int.MaxValue)
    {
        IEnumerable<byte?> bytes = ContextBefore.Skip(Math.Max(0, ContextBefore.Count - before))
            .Concat(Bytes.Take(own).Select(b => (byte?)b))
            .Concat(ContextAfter.Take(after));
        return string.Concat(bytes.Select(b => b is { } value ? value is >= 0x20 and < 0x7f ? (char)value : '.' : ' '));
    }

    /// <inheritdoc/>
    public override string ToString() => VirtualAddress is { } address
        ? $"0x{address:x} -> 0x{PhysicalAddress:x}: {Pattern}"
        : $"0x{PhysicalAddress:x}: {Pattern}";
}
