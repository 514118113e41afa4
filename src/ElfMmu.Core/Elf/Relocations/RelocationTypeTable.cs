using System.Collections.Concurrent;
using System.Globalization;

namespace ElfMmu.Elf.Relocations;

/// <summary>One machine's names of relocation types, made of the words of <see cref="RelocationTables"/>. O(words), once per machine.</summary>
internal sealed class RelocationTypeTable
{
    // A hostile file may use every number there is.
    private const int MostUnknown = 4096;

    private readonly Dictionary<uint, string> _names = [];
    private readonly ConcurrentDictionary<uint, string> _unknown = [];
    private readonly string _prefix;

    public RelocationTypeTable(string text)
    {
        var prefix = "";
        uint number = 0;
        foreach (Range word in text.AsSpan().SplitAny(' ', '\n', '\r'))
        {
            ReadOnlySpan<char> part = text.AsSpan()[word];
            if (part.IsEmpty)
            {
                continue;
            }

            switch (part[0])
            {
                case '@':
                    prefix = part[1..].ToString();
                    _prefix ??= prefix;
                    break;
                case '=':
                    number = uint.Parse(part[1..], NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                default:
                    string name = prefix + part.ToString();
                    _names.Add(number, name);
                    Relative ??= part is "RELATIVE" ? number : null;
                    number++;
                    break;
            }
        }

        _prefix ??= "";
        Names = [.. _names.OrderBy(pair => pair.Key)];
    }

    public IReadOnlyList<KeyValuePair<uint, string>> Names { get; }

    public uint? Relative { get; }

    public string this[uint type] => _names.TryGetValue(type, out string? name) || _unknown.TryGetValue(type, out name) ? name : Unknown(type);

    private string Unknown(uint type)
    {
        string name = _prefix + "0x" + type.ToString("x", CultureInfo.InvariantCulture);
        return _unknown.Count < MostUnknown ? _unknown.GetOrAdd(type, name) : name;
    }
}
