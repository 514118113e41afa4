using System.Globalization;
using System.Text;

namespace ElfMmu.Elf;

/// <summary>
/// The members of an archive (<c>ar</c>, <c>.a</c>): GNU's and BSD's long names, and thin archives, whose members are files beside it. Indexes of
/// symbols and tables of names aren't members.
/// </summary>
public static class ArArchive
{
    /// <summary>The most bytes of names that are read: an archive of a million members has fewer.</summary>
    public const ulong MostNameBytes = 1 << 28;

    private const int MagicSize = 8;
    private const int HeaderSize = 60;
    private const int MostNameLength = 4096;

    private static ReadOnlySpan<byte> Magic => "!<arch>\n"u8;

    private static ReadOnlySpan<byte> ThinMagic => "!<thin>\n"u8;

    /// <summary>Whether an input is an archive.</summary>
    /// <param name="input">The bytes.</param>
    /// <exception cref="ElfMmuException"><c>ReadFailed</c>: reading failed.</exception>
    public static bool IsArchive(IElfInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Start(input, out _);
    }

    /// <summary>Lists the members of an archive in its order, whatever they are. O(members); nothing but their headers is read.</summary>
    /// <param name="fullPath">A fully qualified path.</param>
    /// <exception cref="ElfMmuException">While enumerating, <c>ArchiveInvalid</c>: it is no archive, or not from here on. What
    /// <see cref="ElfFileInput"/> throws.</exception>
    public static IEnumerable<ArMember> Members(string fullPath)
    {
        using var input = new ElfFileInput(fullPath);
        if (!Start(input, out bool isThin))
        {
            throw Invalid(input, 0, "doesn't start with the eight bytes of an archive");
        }

        byte[] names = [];
        byte[] header = new byte[HeaderSize];
        ulong at = MagicSize;
        while (at < input.Length)
        {
            if (HeaderSize > input.Length - at)
            {
                throw Invalid(input, at, $"ends at 0x{input.Length:x}, within the header of a member");
            }

            input.Read(at, header);
            ulong content = at + HeaderSize;
            string name = Encoding.UTF8.GetString(header, 0, 16).TrimEnd(' ');
            ulong size = Size(input, at, header);
            bool isTable = name is "/" or "//" or "/SYM64/" or "ARFILENAMES/";
            bool isElsewhere = isThin && !isTable;
            if (!isElsewhere && size > input.Length - content)
            {
                throw Invalid(input, at, $"has a member '{name}' of 0x{size:x} bytes, which end behind its own end at 0x{input.Length:x}");
            }

            if (name is "//" or "ARFILENAMES/")
            {
                names = size <= MostNameBytes ? new byte[size] : throw Invalid(input, at, $"has 0x{size:x} bytes of names, more than are read");
                input.Read(content, names);
            }
            else if (!isTable)
            {
                ulong start = content;
                ulong length = size;
                ulong? nested = null;
                name = Name(input, at, name, names, ref start, ref length, ref nested);
                if (!name.StartsWith("__.SYMDEF", StringComparison.Ordinal))
                {
                    yield return isElsewhere
                        ? new ArMember(fullPath, name, nested ?? 0, size, Beside(input, at, fullPath, name)) { IsNested = nested != null }
                        : new ArMember(fullPath, name, start, length, null);
                }
            }

            at = content + (isElsewhere ? 0 : size);
            at += at & 1;
        }
    }

    private static bool Start(IElfInput input, out bool isThin)
    {
        isThin = false;
        if (input.Length < MagicSize)
        {
            return false;
        }

        Span<byte> start = stackalloc byte[MagicSize];
        input.Read(0, start);
        isThin = start.SequenceEqual(ThinMagic);
        return isThin || start.SequenceEqual(Magic);
    }

    private static ulong Size(IElfInput input, ulong at, ReadOnlySpan<byte> header)
    {
        string text = Encoding.ASCII.GetString(header[48..58]).Trim(' ');
        return header[58..].SequenceEqual("`\n"u8) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong size)
            ? size
            : throw Invalid(input, at, "has bytes there that are no header of a member");
    }

    /// <summary>The name of a member, and where its content is: BSD's long names stand before it.</summary>
    private static string Name(
        IElfInput input, ulong at, string field, byte[] names, ref ulong start, ref ulong length, ref ulong? nested)
    {
        if (field.StartsWith("#1/", StringComparison.Ordinal) && Number(field[3..]) is { } size)
        {
            if (size > length || size > MostNameLength)
            {
                throw Invalid(input, at, $"has a member whose name has {size} bytes and which has {length}");
            }

            byte[] bytes = new byte[size];
            input.Read(start, bytes);
            start += size;
            length -= size;
            return Encoding.UTF8.GetString(bytes).TrimEnd('\0');
        }

        // Of a member of an archive in a thin archive, the offset of its header there follows.
        string[] parts = field.TrimEnd('/', ' ').Split(':');
        if (parts[0] is ['/', .. string digits] && Number(digits) is { } offset)
        {
            if (offset >= (ulong)names.Length)
            {
                throw Invalid(input, at, $"has a member whose name is at 0x{offset:x} of a table of 0x{names.Length:x} bytes");
            }

            nested = parts.Length == 2 ? Number(parts[1]) : null;
            ReadOnlySpan<byte> rest = names.AsSpan((int)offset);
            rest = rest[..Math.Min(rest.Length, MostNameLength)];
            int end = rest.IndexOfAny((byte)'\n', (byte)0);
            string name = Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
            return name.EndsWith('/') ? name[..^1] : name;
        }

        return field.EndsWith('/') ? field[..^1] : field;
    }

    private static ulong? Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : null;

    private static string Beside(IElfInput input, ulong at, string archive, string name) => name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal)
        ? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(archive) ?? "", name))
        : throw Invalid(input, at, "is thin and has a member that names no file");

    private static ElfMmuException Invalid(IElfInput input, ulong offset, string what) => new(
        "ArchiveInvalid", ErrorKind.InvalidData, $"{input.Name}: the archive {what} (offset 0x{offset:x}); get an undamaged copy.")
    { Path = input.Name, Offset = offset };
}
