using System.Globalization;
using System.Text;

namespace ElfMmu.Elf;

/// <summary>A member of an archive, which may be an ELF file.</summary>
public sealed class ArMember : IElfSource
{
    private const ulong HeaderSize = 60;

    private readonly string? _file;

    internal ArMember(string archive, string name, ulong offset, ulong size, string? file)
    {
        Archive = archive;
        Name = name;
        Offset = offset;
        Size = size;
        _file = file;
    }

    /// <summary>The full path of the archive.</summary>
    public string Archive { get; }

    /// <summary>Its name, as the archive has it; several may have the same.</summary>
    public string Name { get; }

    /// <summary>Its first byte in the archive; 0 for one of a thin archive, which is a file of its own.</summary>
    public ulong Offset { get; }

    /// <summary>Its size in bytes, as the archive says.</summary>
    public ulong Size { get; }

    /// <inheritdoc/>
    public string Path => $"{Archive}({Name})";

    /// <summary>Whether the file of a thin archive's member is an archive too, which has it at <see cref="Offset"/>.</summary>
    internal bool IsNested { get; init; }

    /// <inheritdoc/>
    public ElfFile OpenElf(CancellationToken cancellation = default)
    {
        var file = new ElfFileInput(_file ?? Archive);
        try
        {
            ulong offset = _file == null || IsNested ? Offset : 0;
            ulong size = _file == null || IsNested ? Size : file.Length;
            if (IsNested)
            {
                SkipHeader(file, ref offset, size);
            }

            return ElfFile.Open(new ElfRangeInput(file, offset, size, Path), this, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The offset is that of the header in the other archive, where a name of BSD's may follow.</summary>
    private void SkipHeader(ElfFileInput file, ref ulong offset, ulong size)
    {
        if (offset > file.Length || HeaderSize > file.Length - offset || size > file.Length - offset - HeaderSize)
        {
            throw new ElfMmuException("ArchiveInvalid", ErrorKind.InvalidData,
                $"{Path}: the member is at 0x{offset:x} of '{file.Name}', which ends at 0x{file.Length:x}; get an undamaged copy.")
            { Path = Path, Offset = offset };
        }

        Span<byte> name = stackalloc byte[16];
        file.Read(offset, name);
        offset += HeaderSize;
        string text = Encoding.UTF8.GetString(name).TrimEnd(' ');
        if (text.StartsWith("#1/", StringComparison.Ordinal)
            && ulong.TryParse(text[3..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong length) && length <= file.Length - offset - size)
        {
            offset += length;
        }
    }
}
