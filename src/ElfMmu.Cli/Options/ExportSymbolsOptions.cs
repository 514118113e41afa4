using System.CommandLine;
using System.Globalization;
using ElfMmu.Companions;
using ElfMmu.Elf;

namespace ElfMmu.Cli.Options;

/// <summary>The options of <c>elfmmu export-symbols</c>.</summary>
internal sealed class ExportSymbolsOptions
{
    public Option<string[]?> Symbols { get; } = Value.Texts(
        "--symbols", "FILE", "A list of symbols: CSV, System.map, kallsyms, or what nm writes; may be given several times.");

    public Option<SymbolFormat> InputFormat { get; } = Value.Choice(
        "--input-format",
        "FORMAT",
        "What the lists are",
        ("auto", SymbolFormat.Auto),
        ("csv", SymbolFormat.Csv),
        ("systemmap", SymbolFormat.SystemMap),
        ("kallsyms", SymbolFormat.Kallsyms),
        ("nm", SymbolFormat.Nm));

    public Option<string?> Core { get; } = Value.Path(
        "--core", "FILE", "The core the file is for, or any ELF file of the machine: it gives machine, class, byte order and sections.");

    public Option<(ElfMachine Machine, ElfClass? Class)?> Machine { get; } = Named<(ElfMachine Machine, ElfClass? Class)?>(
        "--machine", "NAME", "The processor, if no core says it: x64, i386, arm, arm64, riscv64, ppc, mips, or any name or number of ELF's.",
        text => CompanionTarget.FindMachine(text, out ElfClass? width) is { } machine ? (machine, width) : throw new FormatException("isn't a processor's name; write x64, ARM, EM_ARM or 40"));

    public Option<ElfClass?> Class { get; } = Value.OptionalChoice<ElfClass>(
        "--class", "BITS", "The width of addresses", "what the core or the processor says", ("32", ElfClass.Elf32), ("64", ElfClass.Elf64));

    public Option<ByteOrder?> ByteOrder { get; } = Value.OptionalChoice<ByteOrder>(
        "--byte-order",
        "ORDER",
        "The order of bytes",
        "what the core or the processor says",
        ("little", ElfMmu.ByteOrder.Little),
        ("big", ElfMmu.ByteOrder.Big));

    public Option<CompanionRange[]?> Sections { get; } = Several(
        "--section",
        "NAME=RANGE",
        "A section and its range (.text=0x1000-0x3000, mydata=0x3000+0x1000:rw); may be given several times.",
        CompanionRangeText.Parse);

    public Option<bool> NoSizeInference { get; } = Value.Flag(
        "--no-size-inference", "Leave symbols without a size; they reach to the next symbol otherwise.");

    public Option<bool> Thumb { get; } = Value.Flag("--thumb", "ARM: functions are Thumb code.");

    public Option<int?> Dwarf { get; } = Named<int?>(
        "--dwarf", "VERSION", "Write debug information: DWARF 4 or 5.",
        text => text is "4" or "5" ? text[0] - '0' : throw new FormatException("isn't a version that is written; take 4 or 5"));

    public Option<string[]?> Types { get; } = Value.Texts(
        "--types", "FILE", "Definitions of types, in C or in JSON, and declarations of what has one; may be given several times.");

    public Option<KeyValuePair<string, Int128>[]?> Constants { get; } = Several("--constant", "NAME=N", "A name for a number; may be given several times.", text =>
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string number = equals > 0 ? text[(equals + 1)..] : "";
        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long signed)
            ? KeyValuePair.Create(text[..equals], (Int128)signed)
            : AddressText.TryParse(number, out ulong value)
            ? KeyValuePair.Create(text[..equals], (Int128)value)
            : throw new ElfMmuException("ConstantInvalid", ErrorKind.InvalidArgument, $"'{text}' isn't a name, '=' and a whole number.");
    });

    public Option<string[]?> Lines { get; } = Value.Texts(
        "--lines", "CSV", "A table of lines of source with the columns Address, File and Line; may be given several times.");

    public Option<string?> SourceFolder { get; } = Value.Path(
        "--source-folder", "FOLDER", "The folder of relative names of source files.");

    public Option<CompanionFrame?> Frame { get; } = Value.OptionalChoice<CompanionFrame>(
        "--frame",
        "KIND",
        "What is said of the frames of functions",
        "nothing",
        ("none", CompanionFrame.None),
        ("leaf", CompanionFrame.Leaf),
        ("framepointer", CompanionFrame.FramePointer));

    public Option<ulong?> PrologueSize { get; } = Value.Number(
        "--prologue-size", "With --frame framepointer: how many bytes of a function come before its frame is there.");

    public Option<ulong?> FrameSize { get; } = Value.Number(
        "--frame-size", "With --frame framepointer: the size of a frame in bytes, which MIPS needs.");

    public IEnumerable<Option> All =>
    [
        Symbols, InputFormat, Core, Machine, Class, ByteOrder, Sections, NoSizeInference, Thumb, Dwarf, Types, Constants, Lines, SourceFolder,
        Frame, PrologueSize, FrameSize,
    ];

    private static Option<T> Named<T>(string name, string helpName, string description, Func<string, T> read) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            string text = result.Tokens.Single().Value;
            try
            {
                return read(text);
            }
            catch (FormatException e)
            {
                result.AddError($"{name}: '{text}' {e.Message}.");
                return default;
            }
        },
    };

    private static Option<T[]?> Several<T>(string name, string helpName, string description, Func<string, T> read) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            List<T> values = [];
            foreach (string text in result.Tokens.Select(t => t.Value))
            {
                try
                {
                    values.Add(read(text));
                }
                catch (ElfMmuException e)
                {
                    result.AddError($"{name}: {e.Message}");
                }
            }

            return [.. values];
        },
    };
}
