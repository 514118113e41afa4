using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using ElfMmu.Cli.Output;

namespace ElfMmu.Cli;

/// <summary>The help, with examples below it, and the version.</summary>
internal static class Help
{
    private static readonly Dictionary<string, string[]> Examples = new()
    {
        [CommandLine.Name] =
        [
            "elfmmu info memory.elf",
            "elfmmu roots memory.raw",
            "elfmmu map memory.elf --privilege user --rights w",
            "elfmmu export memory.elf process.core --root 0x1f2a000",
        ],
        ["map"] =
        [
            "elfmmu map memory.elf",
            "elfmmu map memory.raw --root 0x1000 --mode ia32e --format csv > map.csv",
            "elfmmu map memory.raw --all-roots --privilege user --format csv > all.csv",
            "elfmmu map memory.elf --rights wx --privilege supervisor",
            "elfmmu map memory.raw --machine machine.yaml --minimum-address 0xffff8880_00000000",
        ],
        ["export"] =
        [
            "elfmmu export memory.elf kernel.core --privilege supervisor",
            "elfmmu export memory.raw process.core --root 0x1f2a000 --mode ia32e --privilege user",
            "elfmmu export memory.raw all.core --machine machine.yaml --no-clobber",
            "elfmmu export memory.elf part.core --range 0x400000-0x4c7000 --range 0x7ffc0000+0x2000",
            "elfmmu export memory.elf image.core --image 0x400000",
        ],
        ["export-symbols"] =
        [
            "elfmmu export-symbols --symbols System.map --core kernel.core -o kernel.sym",
            "elfmmu export-symbols --symbols kallsyms --core kernel.core --dwarf 5 --types kernel.h -o kernel.sym",
            "elfmmu export-symbols --symbols names.csv --machine ARM --thumb --section .text=0x8000+0x4000 -o firmware.sym",
            "elfmmu export-symbols --symbols names.csv --core a.core --dwarf 4 --lines lines.csv --frame framepointer -o a.sym",
        ],
        ["show"] =
        [
            "elfmmu show memory.elf -o memory.html",
            "elfmmu show memory.elf --root 0x1f2a000 --root 0x1f3c000 -o processes.svg",
            "elfmmu show before.elf after.elf --privilege user -o both.html --title \"Before and after\"",
        ],
        ["read"] =
        [
            "elfmmu read memory.elf 0xffff8880_00001000 --length 64",
            "elfmmu read memory.elf 0x7fff0000 0x7fff1000 --type u32be --count 8 --format csv",
            "elfmmu read memory.elf 0xffffffff81a001a0 --text utf8",
            "elfmmu read memory.elf 0x401000 --length 0x100000 --absent fill --format raw > code.bin",
            "elfmmu read memory.elf 0x100000 --physical --layout \"u32 magic; char[16] name; ptr next\" --count 4",
        ],
        ["search"] =
        [
            "elfmmu search memory.elf --text \"Linux version\"",
            "elfmmu search memory.elf --bytes \"48 8b ?? 05\" --privilege user --rights x",
            "elfmmu search memory.elf --text password --encoding utf16le --ignore-case --all-roots --format csv",
            "elfmmu search memory.elf --pointer-to 0xffffffff81000000-0xffffffff81001000",
            "elfmmu search memory.elf --pointer-to 0xffff888003a1c000",
            "elfmmu search memory.elf --physical --regex \"https?://[ -~]{8,}\" --maximum-count 20",
            "elfmmu search memory.elf --value 0xcafebabe --type u32be -q; test $? -eq 3 && echo nothing",
        ],
        ["roots"] =
        [
            "elfmmu roots memory.raw",
            "elfmmu roots memory.raw --mode ia32e --mode la57 --top 5",
            "elfmmu roots memory.raw --all --format csv > roots.csv",
        ],
        ["header"] = ["elfmmu header process.core", "elfmmu header --detailed libfoo.so", "elfmmu header *.core --format csv"],
        ["symbols"] =
        [
            "elfmmu symbols program --type func --defined",
            "elfmmu symbols vmlinux --address 0xffffffff81000000 --address 0xffffffff81a001a0",
            "elfmmu symbols libc.so.6 --name \"pthread_*\" --format csv > symbols.csv",
        ],
        ["dynamic"] = ["elfmmu dynamic program", "elfmmu dynamic /usr/bin/* --tag NEEDED --format csv > needed.csv"],
        ["hashes"] = ["elfmmu hashes libc.so.6"],
        ["segments"] = ["elfmmu segments program", "elfmmu segments process.core --type load --address 0x401000", "elfmmu segments libc.a --format csv > segments.csv"],
        ["sections"] =
        [
            "elfmmu sections program --entropy",
            "elfmmu sections program --type strtab --type symtab",
            "elfmmu sections program --dump .comment",
            "elfmmu sections program.debug --dump .debug_str --decompress > names.bin",
        ],
        ["relocations"] =
        [
            "elfmmu relocations library.so",
            "elfmmu relocations library.so --type \"*JUMP_SLOT\" --symbol \"malloc*\"",
            "elfmmu relocations library.so --address 0x3fe8 --address 0x4000-0x4100",
            "elfmmu relocations object.o --section .rela.text --format csv",
        ],
        ["notes"] = ["elfmmu notes program", "elfmmu notes program --owner GNU --type BUILD_ID", "elfmmu notes process.core --type PRSTATUS --format json"],
        ["strings"] = ["elfmmu strings program", "elfmmu strings program --section .rodata --minimum-length 8"],
        ["check"] = ["elfmmu check program", "elfmmu check *.so --format json"],
        ["info"] =
        [
            "elfmmu info memory.elf",
            "elfmmu info memory.raw --machine machine.yaml --verbose",
            "elfmmu info evidence/* --format csv > evidence.csv",
            "elfmmu info memory.elf --hash --format json",
        ],
        ["resolve"] =
        [
            "elfmmu resolve memory.elf 0x401000 0xffff8880_00001000",
            "elfmmu resolve memory.elf 0x401000 --trace",
            "elfmmu resolve memory.elf --physical 0x1f60000 --all-roots",
            "elfmmu resolve memory.elf --file-offset 0x5000 --format csv",
        ],
        ["diff"] =
        [
            "elfmmu diff before.elf after.elf",
            "elfmmu diff memory.elf --root 0x904000 --other-root 0x942000 --privilege user",
            "elfmmu diff before.elf after.elf --rights wx --format json",
        ],
        ["images"] =
        [
            "elfmmu images memory.elf",
            "elfmmu images memory.raw --all-roots --privilege user --format csv > images.csv",
            "elfmmu images memory.elf --kind pe --all",
        ],
        ["convert"] =
        [
            "elfmmu convert memory.lime memory.elf",
            "elfmmu convert memory.elf memory.raw --machine-out memory.yaml",
            "elfmmu convert memory.elf pieces.raw --format raw --split",
            "elfmmu convert memory.raw memory.lime --ram-base 0x40000000",
            "elfmmu convert memory.dmp evidence/ --format elf --json",
        ],
        ["expand"] =
        [
            "elfmmu expand kernel.elf",
            "elfmmu expand firmware.elf -o flash.bin --address-kind physical",
            "elfmmu expand libc.so.6 --load-address 0x7ffff7c00000 -o images/",
            "elfmmu expand process.core --minimum-address 0x400000 --maximum-address 0x4fffff",
            "elfmmu expand memory.elf --image 0x400000 --root 0x1f2a000",
        ],
        ["modes"] = ["elfmmu modes", "elfmmu modes ia32e", "elfmmu modes --format csv"],
    };

    /// <summary>How results are written for programs, by every command. README.md says the same.</summary>
    private static readonly string[] Formats =
    [
        "CSV and JSON (--format) follow one rule, whatever the command:",
        "  Names are those of the cmdlets' properties (PhysicalAddress), in JSON with a small first letter",
        "  (physicalAddress). Names you give yourself, in --layout, stay as they are.",
        "  Addresses, offsets in files, registers, entries and flags are hexadecimal (0x1000); in JSON they are text.",
        "  Sizes of what stands at addresses (Size, PageSize) are hexadecimal in CSV and numbers in JSON.",
        "  Everything that is counted (Length, Tables, UserBytes) is decimal, and a number in JSON.",
        "  Whole numbers that 'read' finds are decimal. In JSON those of 64 bits and more are text: many readers of",
        "  JSON keep only 53 bits. Pointers are addresses.",
        "  What isn't there is empty in CSV, and null in JSON. Lists in CSV have '; ' between them, and what is nested",
        "  (segments, registers) is in JSON alone.",
        "  Where several dumps are given, Dump comes first and is the name of the file as you gave it. What lists parts",
        "  of ELF files (symbols, sections...) always has Path there, and behind it the archive's member.",
    ];

    /// <summary>The option <c>--help</c>, valid for every command.</summary>
    public static Option CreateOption()
    {
        var option = new HelpOption("--help", "-h", "-?") { Description = "Show this help." };
        option.Action = new WithExamples((HelpAction)option.Action!);
        return option;
    }

    /// <summary>The option <c>--version</c>.</summary>
    public static Option CreateVersionOption() =>
        new Option<bool>("--version") { Description = "Show the version.", Arity = ArgumentArity.Zero, Action = new Version() };

    private sealed class WithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parse)
        {
            int code = help.Invoke(parse);
            if (Examples.TryGetValue(parse.CommandResult.Command.Name, out string[]? lines))
            {
                TextWriter output = parse.InvocationConfiguration.Output;
                output.Write("Examples:\n");
                foreach (string line in lines)
                {
                    output.Write($"  {line}\n");
                }

                if (parse.CommandResult.Command.Name == CommandLine.Name)
                {
                    output.Write($"\n{string.Join('\n', Formats)}\n");
                }
                else if (parse.CommandResult.Command.Options.Any(o => o is Option<OutputFormat> or Option<ReadFormat>))
                {
                    output.Write($"\n'{CommandLine.Name} --help' says how CSV and JSON are written.\n");
                }

                string nothing = parse.CommandResult.Command.Name switch
                {
                    CommandLine.Name => ", 3 nothing was found (by a search, or of what options choose)",
                    "search" or "images" => ", 3 nothing was found",
                    "symbols" or "dynamic" or "segments" or "sections" or "relocations" or "notes" or "strings" =>
                        ", 3 nothing is what the options choose",
                    "resolve" => ", 3 nothing leads there (--physical, --file-offset)",
                    _ => "",
                };
                output.Write($"\nExit codes: 0 done, 1 something failed, 2 the command line is wrong{nothing}, 130 cancelled (Ctrl+C).\n");
            }

            return code;
        }
    }

    private sealed class Version : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parse)
        {
            string? version = typeof(Help).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            parse.InvocationConfiguration.Output.Write($"{CommandLine.Name} {version}\n");
            return ExitCode.Done;
        }
    }
}
