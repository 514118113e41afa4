using System.Buffers.Binary;

namespace ElfMmu.Elf.Symbols;

/// <summary>
/// Reads the tables of version definitions and needs: records that lead to the next by its distance. Every record takes its own bytes, so
/// more of them than the table has room for is a chain that runs in circles or over itself. O(size of the table).
/// </summary>
internal sealed class ElfVersionReader(ElfFile file, byte[] table, ulong start, ElfStrings strings, int? section)
{
    private const int DefinitionSize = 20;
    private const int NameSize = 8;
    private const int NeedSize = 16;
    private const int VersionSize = 16;

    private readonly bool _big = file.Header.Data == ElfData.BigEndian;
    private long _left = table.Length;

    /// <summary>Reads definitions.</summary>
    /// <param name="count">How many there ought to be.</param>
    public List<ElfVersionDefinition> Definitions(ulong count)
    {
        List<ElfVersionDefinition> definitions = [];
        long at = 0;
        for (ulong i = 0; i < count; i++)
        {
            if (!Take(at, DefinitionSize, "version definition", i))
            {
                break;
            }

            ushort names = Half(at + 6);
            long name = at + Word(at + 12);
            List<string> texts = [];
            uint first = 0;
            for (int n = 0; n < names && Take(name, NameSize, "name of version definition", i); n++)
            {
                uint offset = Word(name);
                first = n == 0 ? offset : first;
                texts.Add(strings[offset]);
                uint nextName = Word(name + 4);
                if (nextName == 0)
                {
                    break;
                }

                name += nextName;
            }

            definitions.Add(new ElfVersionDefinition(
                (ushort)(Half(at + 4) & ~ElfSymbolVersions.Hidden), texts.Count > 0 ? texts[0] : "", Half(at + 2), Word(at + 8), texts.Count > 1 ? texts[1..] : [])
            {
                NameOffset = texts.Count > 0 ? first : uint.MaxValue,
            });
            uint next = Word(at + 16);
            if (next == 0)
            {
                CheckEnd(i + 1, count, "definitions");
                break;
            }

            at += next;
        }

        return definitions;
    }

    /// <summary>Reads needs.</summary>
    /// <param name="count">How many libraries there ought to be.</param>
    public List<ElfVersionNeed> Needs(ulong count)
    {
        List<ElfVersionNeed> needs = [];
        long at = 0;
        for (ulong i = 0; i < count; i++)
        {
            if (!Take(at, NeedSize, "version need", i))
            {
                break;
            }

            ushort versions = Half(at + 2);
            string library = strings[Word(at + 4)];
            long version = at + Word(at + 8);
            for (int n = 0; n < versions && Take(version, VersionSize, "version of version need", i); n++)
            {
                needs.Add(new ElfVersionNeed(library, Half(version + 6), strings[Word(version + 8)], Half(version + 4), Word(version)));
                uint nextVersion = Word(version + 12);
                if (nextVersion == 0)
                {
                    break;
                }

                version += nextVersion;
            }

            uint next = Word(at + 12);
            if (next == 0)
            {
                CheckEnd(i + 1, count, "needs");
                break;
            }

            at += next;
        }

        return needs;
    }

    private void CheckEnd(ulong read, ulong count, string what)
    {
        if (read < count && count != ulong.MaxValue)
        {
            file.Diagnostics.Add("VersionChainEnds",
                $"The version {what} at 0x{start:x} ought to be {count}, and record {read - 1} says that it is the last; {read} were read.", start, section);
        }
    }

    private bool Take(long at, int size, string what, ulong index)
    {
        if (at > table.Length - size)
        {
            file.Diagnostics.Add("VersionOutsideTable",
                $"The {what} {index} would be at 0x{start + (ulong)at:x}, and its table ends at 0x{start + (ulong)table.Length:x}; the rest was left out.",
                start + (ulong)at, section);
            return false;
        }

        _left -= size;
        if (_left < 0)
        {
            file.Diagnostics.Add("VersionChainOverlaps",
                $"The version records at 0x{start:x} overlap: more of them than fit into 0x{table.Length:x} bytes; the rest was left out.", start, section);
            return false;
        }

        return true;
    }

    private ushort Half(long at) =>
        _big ? BinaryPrimitives.ReadUInt16BigEndian(table.AsSpan((int)at)) : BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan((int)at));

    private uint Word(long at) =>
        _big ? BinaryPrimitives.ReadUInt32BigEndian(table.AsSpan((int)at)) : BinaryPrimitives.ReadUInt32LittleEndian(table.AsSpan((int)at));
}
