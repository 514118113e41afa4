using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ElfMmu.Reading;

namespace ElfMmu.Images.Loading;

/// <summary>
/// The machine description beside a flat image, in mmushell's YAML: with it the image opens as a dump whose RAM begins at the image's base.
/// What it says under <c>image</c> is for people and scripts; readers of dumps don't look at it.
/// </summary>
internal static class ImageDescription
{
    /// <summary>The first line, by which one is known again.</summary>
    public const string FirstLine = "# A flat memory image written by ElfMmu, as a machine: open this file as a dump.";

    // Readers take descriptions of up to 1 MiB.
    private const int MostListed = 1000;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The path of the description beside an image.</summary>
    public static string PathOf(string image)
    {
        string beside = Path.ChangeExtension(image, ".yaml");
        return beside == image ? image + ".yaml" : beside;
    }

    /// <summary>Whether a file is one of these.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using StreamReader reader = File.OpenText(path);
            char[] start = new char[FirstLine.Length];
            return reader.ReadBlock(start) == start.Length && start.AsSpan().SequenceEqual(FirstLine);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The text for an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="wordSize">The word size of its processor in bits.</param>
    public static string Of(MemoryImage image, int wordSize)
    {
        var text = new StringBuilder();
        text.Append(FirstLine).Append('\n').Append("cpu:\n");
        if (Architecture(image.Architecture) is { } architecture)
        {
            Line(2, "architecture", architecture);
        }

        Line(2, "endianness", image.ByteOrder == ByteOrder.Big ? "big" : "little");
        Line(2, "bits", wordSize.ToString(CultureInfo.InvariantCulture));
        text.Append("memspace:\n  ram:\n");
        Line(4, "- start", Hex(image.BaseAddress));
        Line(6, "end", Hex(image.BaseAddress + (image.Size - 1)));
        Line(6, "dumpfile", Quoted(Path.GetFileName(image.Path)));
        text.Append("image:\n");
        Line(2, "source", Quoted(image.Source));
        Line(2, "kind", image.Kind == ImageKind.Elf ? "elf" : "pe");
        Line(2, "type", Quoted(image.Type));
        Line(2, "machine", Quoted(image.Machine));
        Line(2, "addresses", image.AddressKind == ImageAddressKind.Physical ? "physical" : "virtual");
        if (image.EntryPoint is { } entry)
        {
            Line(2, "entry", Hex(entry));
        }

        Line(2, "load_bias", Hex(image.LoadBias));
        Line(2, "relocated", image.IsFromMemory ? "as loaded" : "false");
        text.Append("  regions:\n");
        foreach (MemoryImageRegion region in image.Regions.Take(MostListed))
        {
            Line(4, "- name", Quoted(region.Name));
            Line(6, "start", Hex(region.VirtualAddress));
            Line(6, "end", Hex(region.VirtualAddress + (region.Size - 1)));
            Line(6, "offset", Hex(region.Offset));
            Line(6, "file_bytes", Hex(region.FileBytes));
            Line(6, "rights", Quoted(region.Rights));
        }

        More(image.Regions.Count, "regions");
        if (image.Absent.Count > 0)
        {
            text.Append("  absent:\n");
            foreach (AbsentRange range in image.Absent.Take(MostListed))
            {
                Line(4, "- start", Hex(range.Address));
                Line(6, "end", Hex(range.Last));
            }
        }

        return text.ToString();

        void Line(int indent, string key, string value) => text.Append(' ', indent).Append(key).Append(": ").Append(value).Append('\n');

        void More(int count, string what)
        {
            if (count > MostListed)
            {
                text.Append(CultureInfo.InvariantCulture, $"  # {count - MostListed} more {what} aren't listed.\n");
            }
        }
    }

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    // What JSON quotes, YAML reads.
    private static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);

    private static string? Architecture(Architecture architecture) => architecture switch
    {
        ElfMmu.Architecture.X86 => "intel",
        ElfMmu.Architecture.Arm => "arm",
        ElfMmu.Architecture.AArch64 => "aarch64",
        ElfMmu.Architecture.RiscV => "riscv",
        ElfMmu.Architecture.PowerPC => "ppc",
        ElfMmu.Architecture.Mips => "mips",
        _ => null,
    };
}
