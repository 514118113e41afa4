using System.CommandLine;
using ElfMmu.Cli.Output;
using ElfMmu.Reading;

namespace ElfMmu.Cli.Options;

/// <summary>The options of <c>elfmmu read</c>.</summary>
internal sealed class ReadOptionSet
{
    public Option<ulong?> Length { get; } = Value.Number(
        "--length", "How many bytes: 256 by default; of text, at most, and 4096 by default.");

    public Option<MemoryValueType?> Type { get; } = Value.ValueType("--type", "Read values");

    public Option<ulong?> Count { get; } = Value.Number("--count", "How many values or structures; 1 by default.");

    public Option<TextEncoding?> Text { get; } = Value.Encoding("--text", "Read text up to a NUL character", "bytes");

    public Option<bool> FixedLength { get; } = Value.Flag("--fixed-length", "Text is as long as --length says, whatever is in it.");

    public Option<StructLayout?> Layout { get; } = Value.Parsed<StructLayout>(
        "--layout",
        "TEXT",
        "Read structures of these fields: \"u32 magic; char[16] name; ptr next; u64 @0x40 flags\".",
        StructLayout.Parse);

    public Option<bool> Physical { get; } = Value.Flag("--physical", "Addresses are physical.");

    public Option<AbsentMemory> Absent { get; } = Value.Choice(
        "--absent",
        "WHAT",
        "What is done about bytes that aren't there",
        ("error", AbsentMemory.Error),
        ("fill", AbsentMemory.Fill),
        ("stop", AbsentMemory.Stop));

    public Option<ulong?> FillByte { get; } = Value.Number(
        "--fill-byte", "The byte that stands for those that aren't there; 0 by default.");

    public Option<ReadFormat> Format { get; } = Value.Choice(
        "--format",
        "FORMAT",
        "How results are written",
        ("table", ReadFormat.Table),
        ("raw", ReadFormat.Raw),
        ("csv", ReadFormat.Csv),
        ("json", ReadFormat.Json));

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [Length, Type, Count, Text, FixedLength, Layout, Physical, Absent, FillByte, Format];
}
