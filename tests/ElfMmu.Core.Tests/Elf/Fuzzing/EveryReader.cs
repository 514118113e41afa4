using ElfMmu.Elf;
using ElfMmu.Elf.Checking;
using ElfMmu.Elf.Details;
using ElfMmu.Elf.Dynamic;
using ElfMmu.Elf.Hashing;
using ElfMmu.Elf.Notes;
using ElfMmu.Elf.Relocations;
using ElfMmu.Elf.Sections;
using ElfMmu.Elf.Symbols;
using ElfMmu.Elf.Writing;
using ElfMmu.Images.Loading;

namespace ElfMmu.Tests.Elf.Fuzzing;

/// <summary>Reads all there is to read of a file, each reader on its own, so that one's failing doesn't spare the others.</summary>
internal static class EveryReader
{
    private static readonly (string Name, Action<ElfFile> Read)[] Readers =
    [
        ("header", Header),
        ("details", Details),
        ("segments", Segments),
        ("sections", Sections),
        ("texts", Texts),
        ("checks", Checks),
        ("symbols", Symbols),
        ("the dynamic section", Dynamic),
        ("hash tables", Hashes),
        ("relocations", Relocations),
        ("notes", Notes),
    ];

    // What may refuse a file that is read well: a model that is to be written again, and a layout of memory.
    private static readonly (string Name, Action<ElfFile> Read)[] Refusing = [("a model", Model), ("a layout", Layout)];

    private static readonly ExpandOptions Options = new() { Path = "/nowhere" };

    /// <summary>Reads an archive: its members, and all there is to read of each.</summary>
    /// <param name="path">The archive.</param>
    /// <returns>Whether a member could be opened.</returns>
    /// <exception cref="InvalidOperationException">As below.</exception>
    public static bool ReadArchive(string path)
    {
        bool any = false;
        try
        {
            foreach (ArMember member in ArArchive.Members(path))
            {
                _ = member.Path;
                using ElfFile file = member.OpenElf();
                ReadAll(file);
                any = true;
            }
        }
        catch (ElfMmuException)
        {
            // It says where the archive isn't sound.
        }

        return any;
    }

    /// <summary>Reads.</summary>
    /// <param name="bytes">The file.</param>
    /// <returns>Whether it could be opened.</returns>
    /// <exception cref="InvalidOperationException">A reader failed with another exception than ours, or failed though the file was opened
    /// and nothing was said about what would make it fail; the message names the reader.</exception>
    public static bool Read(byte[] bytes)
    {
        ElfFile opened;
        try
        {
            opened = ElfMutator.Open(bytes);
        }
        catch (ElfMmuException)
        {
            return false;
        }

        using ElfFile file = opened;
        ReadAll(file);
        return true;
    }

    private static void ReadAll(ElfFile file)
    {
        foreach ((string name, Action<ElfFile> read) in Readers)
        {
            try
            {
                read(file);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"the reader of {name} failed: {e}", e);
            }
        }

        foreach ((string name, Action<ElfFile> read) in Refusing)
        {
            try
            {
                read(file);
            }
            catch (Exception e) when (e is not ElfMmuException)
            {
                throw new InvalidOperationException($"the reader of {name} failed: {e}", e);
            }
            catch (ElfMmuException)
            {
                // It says so.
            }
        }
    }

    private static void Header(ElfFile file)
    {
        ElfHeader h = file.Header;
        _ = (h.TypeName, h.TypeDescription, h.MachineName, h.MachineDescription, h.OsAbiName, h.OsAbiDescription);
    }

    private static void Details(ElfFile file)
    {
        ElfDetails d = ElfDetails.Of(file);
        _ = d.ToString() + d.Interpreter + d.BuildId + d.SharedObjectName + d.Needed.Count;
        _ = (d.IsDynamic, d.IsStripped);
    }

    private static void Segments(ElfFile file)
    {
        foreach (ElfSegment s in ElfSegments.Read(file))
        {
            _ = s.ToString() + s.TypeName + s.Rights + s.Interpreter + s.SectionIndexes.Count;
            _ = s.SectionNames.Count;
            _ = file.TryLocate(s.VirtualAddress, out _, out _);
            _ = file.TryLocate(s.VirtualAddress + s.FileSize - 1, out _, out _);
        }
    }

    private static void Sections(ElfFile file)
    {
        foreach (ElfSection s in ElfSections.Read(file, new ElfSectionOptions { Content = true, Decompress = true, Entropy = true }))
        {
            _ = s.ToString() + s.LinkName + s.InfoName + s.GroupName + s.Rights;
            _ = s.GroupMembers.Count + s.FlagNames.Count;
            _ = (s.Content?.Length, s.Entropy, s.Compression);
        }
    }

    private static void Texts(ElfFile file)
    {
        foreach (ElfString s in ElfStringSearch.Find(file))
        {
            _ = s.ToString();
        }
    }

    private static void Checks(ElfFile file)
    {
        foreach (ElfFinding f in ElfChecks.Run(file))
        {
            _ = f.ToString();
        }
    }

    private static void Symbols(ElfFile file)
    {
        foreach (ElfSymbol s in ElfSymbolTables.Symbols(file))
        {
            _ = s.FullName.Length + s.TypeName.Length + s.BindingName.Length + s.VisibilityName.Length + s.SectionText.Length + s.SectionName.Length
                + s.Table.Length + s.VersionIndex + (s.VersionFile?.Length ?? 0);
            _ = (s.Address, s.EndAddress, s.IsDefaultVersion);
        }

        if (ElfSymbolTables.OfDynamic(file) is { } table)
        {
            foreach (ElfSymbol s in table.Symbols)
            {
                _ = s.FullName;
            }
        }
    }

    private static void Dynamic(ElfFile file)
    {
        if (ElfDynamicTable.Of(file) is { } table)
        {
            foreach (ElfDynamicEntry e in table.Entries)
            {
                _ = e.ToString();
            }
        }
    }

    private static void Hashes(ElfFile file)
    {
        foreach (ElfHashTable t in ElfHashTables.Of(file))
        {
            _ = (t.ToString(), t.Buckets.Count, t.Chains.Count, t.LongestChain, t.FoundCount, t.IsSound);
            _ = t.Find("function")?.FullName;
        }
    }

    private static void Relocations(ElfFile file)
    {
        foreach (ElfRelocation r in ElfRelocations.Read(file))
        {
            _ = (r.Address, r.Info, r.TypeName, r.Type2Name, r.Type3Name, r.SymbolName, r.SymbolValue, r.TargetSection);
        }
    }

    private static void Notes(ElfFile file)
    {
        foreach (ElfNoteItem n in ElfNoteItems.Read(file))
        {
            _ = n.Owner + n.TypeName + n.Text + n.Section;
            _ = n.Value?.ToString();
        }
    }

    private static void Model(ElfFile file) => _ = ElfModel.Read(file).Sections.Count;

    private static void Layout(ElfFile file)
    {
        // Only executables and their like have one, and it may be refused.
        _ = LoadLayout.Of(ElfLoadPlan.Of(file, Options), "mutated", Options).Copies().Take(1000).Count();
    }
}
