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
        { "Address", null, s => Hex.Of(s.Address) },
        { "EndAddress", null, s => Hex.Of(s.EndAddress) },
        { "Type", null, s => new Hex((ulong)s.Type) },
        { "TypeName", "Type", s => s.TypeName },
        { "BindingName", "Binding", s => s.BindingName },
        { "VisibilityName", "Visibility", s => s.VisibilityName },
        { "Other", null, s => new Hex(s.Other) },
        { "SectionIndex", null, s => s.SectionIndex },
        { "SectionName", "Section", s => s.SectionName },
        { "Name", "Name", s => s.Name, s => s.FullName },
        { "FullName", null, s => s.FullName },
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
        Option[] filters = [name, type, binding, tables, defined, undefined, addresses];
        return CommandFactory.Create(
            "symbols", "List the symbols of ELF files, or find those that addresses are in.", options, terminal, [files],
            [.. filters, options.Format],
            parse =>
            {
                bool onlyDefined = parse.GetValue(defined);
                var filter = new ElfSymbolFilter
                {
                    Name = ElfNameFilter.Names(parse.GetValue(name)),
                    Type = ElfNameFilter.Types(parse.GetValue(type), "STT_"),
                    Binding = ElfNameFilter.Types(parse.GetValue(binding), "STB_"),
                    Table = ElfNameFilter.Names(parse.GetValue(tables)),
                    IsDefined = onlyDefined == parse.GetValue(undefined) ? null : onlyDefined,
                };
                OutputFormat format = parse.GetValue(options.Format);
                ulong[]? wanted = parse.GetValue(addresses);
                RowWriter<ElfSymbol> rows = ElfRows.Writer(format, terminal, Columns);
                var fast = new SymbolTableWriter(terminal.Output);
                bool any = false;
                int code = ElfPaths.Run(parse.GetRequiredValue(files), terminal, (path, file) =>
                {
                    if (wanted is { Length: > 0 })
                    {
                        Find(path, new ElfSymbolIndex(ElfSymbolTables.Of(file), filter), wanted, rows, terminal);
                    }
                    else
                    {
                        any |= List(path, file, filter, format == OutputFormat.Table ? fast : null, rows, terminal);
                    }

                    ElfRows.Warn(path, file, terminal);
                });
                rows.End();
                any |= rows.Count > 0;

                // Of each address it was said already.
                return any || wanted is { Length: > 0 } ? ExitCode.OfSearch(code, any) : ElfRows.Nothing(code, parse, filters, terminal);
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

    /// <summary>Lists them, and says whether there was any.</summary>
    private static bool List(
        string path, ElfFile file, ElfSymbolFilter filter, SymbolTableWriter? fast, RowWriter<ElfSymbol> rows, Terminal terminal)
    {
        bool any = false;
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
                any = true;
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

        return any;
    }
}
