using ElfMmu.Elf;
using ElfMmu.Images.Loading;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Images.Loading;

/// <summary>Expands files in a folder of a test's own.</summary>
internal sealed class Expanding : IDisposable
{
    public TempFolder Folder { get; } = new();

    public ExpandOptions Options => new() { Path = Folder.File("image.bin") };

    /// <summary>Expands bytes as a file.</summary>
    public MemoryImage Expand(ReadOnlySpan<byte> file, Func<ExpandOptions, ExpandOptions>? with = null) =>
        Expand(Folder.Write("input", file), with);

    /// <summary>Expands a file.</summary>
    public MemoryImage Expand(string path, Func<ExpandOptions, ExpandOptions>? with = null) =>
        ImageExpander.Expand(new ElfFileSource(path), with?.Invoke(Options) ?? Options);

    /// <summary>Expands something else.</summary>
    public MemoryImage Expand(IElfSource source, Func<ExpandOptions, ExpandOptions>? with = null) =>
        ImageExpander.Expand(source, with?.Invoke(Options) ?? Options);

    public static byte[] Bytes(MemoryImage image) => File.ReadAllBytes(image.Path);

    /// <summary>The memory that PT_LOADs make, one written over the other in their order.</summary>
    public static byte[] Expected(byte[] file, IEnumerable<ElfProgramHeader> segments, ulong first, ulong size, bool physical = false)
    {
        byte[] memory = new byte[size];
        foreach (ElfProgramHeader s in segments.Where(s => s.Type == ElfSegmentType.Load))
        {
            for (ulong i = 0; i < s.MemorySize; i++)
            {
                ulong at = (physical ? s.PhysicalAddress : s.VirtualAddress) + i;
                if (at >= first && at - first < size)
                {
                    memory[at - first] = i < s.FileSize && s.Offset + i < (ulong)file.Length ? file[s.Offset + i] : (byte)0;
                }
            }
        }

        return memory;
    }

    public void Dispose() => Folder.Dispose();
}
