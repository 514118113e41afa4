using System.CommandLine;
using ElfMmu.Cli.Options;
using ElfMmu.Cli.Output;
using ElfMmu.Elf;
using ElfMmu.Elf.Symbols;

namespace ElfMmu.Cli.Commands;

/// <summary><c>elfmmu symbols</c>: lists symbols, or finds those that addresses are in.</summary>
internal static class SymbolsCommand
{
    private static Columns<ElfSymbol> Columns { get; } = new()
    {
        { "Table", null, s => s.Table },
        { "Index", "Nr", s => s.Index },
        { "Value", "Value", s => new Hex(s.Value) },
        { "Size", "Size", s => new Size(s.Size) },
        { "TypeName", "Type", s => s.TypeName },
        { "BindingName", "Binding", s => s.BindingName },
        { "VisibilityName", "Visibility", s => s.VisibilityName },
        { "Other", null, s => new Hex(s.Other) },
        { "SectionIndex", null, s => s.SectionIndex },
        { "SectionName", "Section", s => s.SectionName },
        { "Name", "Name", s => s.Name, s => s.FullName },
        { "Version", null, s => s.Version },
        { "VersionFile", null, s => s.VersionFile },
        { "IsDefaultVersion", null, s => s.IsDefaultVersion },
        { "MatchAddress", null, s => Hex.Of(s.MatchAddress) },
        { "MatchOffset", null, s => Hex.Of(s.MatchOffset) },
    };

    public static Command Create(OptionSet options, Terminal terminal)
    {
        Argument<string[]> files = Value.Files<string[]>("FILE", "ELF files of any kind.");
        Option<string[]?> name = Value.Texts("--name", "NAME", "Only symbols of this name, * and ? allowed; may be given several times.");
        Option<string[]?> type = Value.Texts("--type", "TYPE", "Only symbols of this type, with or without STT_; may be given several times.");
        Option<string[]?> binding = Value.Texts("--binding", "BINDING", "Only symbols of this binding, with or without STB_; may be given several times.");
        Option<string[]?> tables = Value.Texts("--table", "SECTION", "Only the table in the section of this name: .symtab or .dynsym.");
        Option<bool> defined = Value.Flag("--defined", "Only symbols that their file defines.");
        Option<bool> undefined = Value.Flag("--undefined", "Only symbols that their file needs of others.");
        Option<ulong[]?> addresses = Value.Addresses("--address", "Only the symbol that this address is in; may be given several times.");
        return CommandFactory.Create(
            "symbols", "List the symbols of ELF files, or find those that addresses are in.", options, terminal, [files],
            [name, type, binding, tables, defined, undefined, addresses, options.Format],
            parse =>
            {
                bool onlyDefined = parse.GetValue(defined);
                var filter = new ElfSymbolFilter
                {
                    Name = ElfWords.Names(parse.GetValue(name)),
                    Type = ElfWords.Types(parse.GetValue(type), "STT_"),
                    Binding = ElfWords.Types(parse.GetValue(binding), "STB_"),
                    Table = ElfWords.Names(parse.GetValue(tables)),
                    IsDefined = onlyDefined == parse.GetValue(undefined) ? null : onlyDefined,
                };
                string[] paths = parse.GetRequiredValue(files);
                OutputFormat format = parse.GetValue(options.Format);
                ulong[]? wanted = parse.GetValue(addresses);
                var rows = new RowWriter<ElfSymbol>(
                    format, terminal.Output, Columns, severalDumps: paths.Length > 1 || ElfPaths.HoldsSeveral(paths[0]));
                var fast = new SymbolTableWriter(terminal.Output);
                int code = ElfPaths.Run(paths, terminal, (path, file) =>
                {
                    if (wanted is { Length: > 0 })
                    {
                        Find(path, new ElfSymbolIndex(ElfSymbolTables.Of(file), filter), wanted, rows, terminal);
                    }
                    else
                    {
                        List(path, file, filter, format == OutputFormat.Table ? fast : null, rows, terminal);
                    }

                    foreach (ElfDiagnostic diagnostic in file.Diagnostics)
                    {
                        terminal.Warn($"{path}: {diagnostic.Message}");
                    }
                });
                rows.End();
                return code;
            });
    }

    private static void Find(string path, ElfSymbolIndex index, ulong[] addresses, RowWriter<ElfSymbol> rows, Terminal terminal)
    {
        foreach (ulong address in addresses)
        {
            if (index.At(address) is { } symbol)
            {
                rows.Write(path, $"{path}: 0x{address:x} is {symbol.FullName}+0x{symbol.MatchOffset:x}", symbol);
            }
            else
            {
                terminal.Warn($"{path}: 0x{address:x} is in no symbol.");
            }
        }
    }

    private static void List(
        string path, ElfFile file, ElfSymbolFilter filter, SymbolTableWriter? fast, RowWriter<ElfSymbol> rows, Terminal terminal)
    {
        foreach (ElfSymbolTable table in ElfSymbolTables.Of(file))
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            if (filter.Table?.Invoke(table.Name) == false)
            {
                // Not even its heading.
                continue;
            }

            fast?.Begin(path, file.Header, table);
            foreach (int index in filter.Select(table))
            {
                if (fast != null)
                {
                    fast.Write(index);
                }
                else
                {
                    rows.Write(path, path, table.Symbol(index));
                }
            }
        }
    }
}
