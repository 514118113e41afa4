using System.Text.RegularExpressions;
using ElfMmu.Elf;
using ElfMmu.Images;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Images;

/// <summary>The libraries of the system the tests run on, put into a space as a loader does, against what readelf says of the files.</summary>
public sealed partial class SystemLibraryTests
{
    private const ulong Base = 0x7f12_3456_7000;

    [ToolFact("readelf")]
    public void LibrariesAreAsReadelfHasThem()
    {
        string[] files = [.. new[] { "/lib", "/lib64", "/usr/lib", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu" }.Where(Directory.Exists)
            .SelectMany(d => Directory.EnumerateFiles(d, "*.so*"))
            .Where(f => new FileInfo(f) is { LinkTarget: null, Length: > 0x2000 and < 3 << 20 } && IsElf(f))
            .Order(StringComparer.Ordinal).Take(25)];

        // readelf is there, and it is linked to some.
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            Check(file);
        }
    }

    /// <summary>Puts a file's segments into a space as a loader does.</summary>
    internal static void Load(ImageSpace space, byte[] file, ulong start)
    {
        foreach (ElfProgramHeader load in ElfReader.Open(new ElfMemoryInput(file)).ReadProgramHeaders().Where(s => s.Type == ElfSegmentType.Load))
        {
            // A loader maps whole pages of the file, and zeros behind the last one's end.
            ulong before = load.VirtualAddress % 4096;
            byte[] bytes = new byte[before + load.MemorySize];
            file.AsSpan((int)(load.Offset - before), (int)(before + load.FileSize)).CopyTo(bytes);
            space.Put(start + load.VirtualAddress - before, bytes, (Rights)((uint)load.Flags & 7));
        }
    }

    private static bool IsElf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        Span<byte> start = stackalloc byte[4];
        return stream.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && ElfReader.IsElf(start);
    }

    private static void Check(string path)
    {
        string said = Tools.Run("readelf", "-hlndW", path).Output;
        byte[] file = File.ReadAllBytes(path);
        ElfProgramHeader[] segments = ElfReader.Open(new ElfMemoryInput(file)).ReadProgramHeaders();
        using (var loaded = new ImageSpace(12))
        {
            Load(loaded, file, Base);
            MappedImage image = loaded.Search().Images.Single(i => i.Address == Base);
            Assert.True(image.State == ImageState.Loaded, path);
            Assert.Equal(100.0, image.PresentPercent);
            Same(image, Base);
        }

        using var flat = new ImageSpace(12);
        flat.Put(Base, file, Rights.Read);
        MappedImage copy = flat.Search().Images.Single(i => i.Address == Base);
        Assert.True(copy.State == ImageState.File, $"{path}: {copy.State}");
        Assert.InRange(copy.Size, (ulong)file.Length - 64, (ulong)file.Length);
        Same(copy, null);

        void Same(MappedImage image, ulong? bias)
        {
            Match id = BuildIdLine().Match(said);
            Assert.Equal(id.Success ? id.Groups[1].Value : null, image.BuildId);
            Match name = NameLine().Match(said);
            Assert.Equal(name.Success ? name.Groups[1].Value : null, image.Name);
            Match entry = EntryLine().Match(said);
            ulong address = Convert.ToUInt64(entry.Groups[1].Value, 16);
            Assert.Equal(segments.Length, image.Segments.Count);
            if (bias != null)
            {
                Assert.Equal(address == 0 ? null : address + bias, image.EntryPoint);
            }
        }
    }

    [GeneratedRegex(@"Build ID: (\w+)")]
    private static partial Regex BuildIdLine();

    [GeneratedRegex(@"SONAME\).*\[(.*)\]")]
    private static partial Regex NameLine();

    [GeneratedRegex(@"Entry point address:\s+0x(\w+)")]
    private static partial Regex EntryLine();
}
