namespace ElfMmu.Tests.Support;

/// <summary>A mapping of a bare guest as it was designed.</summary>
internal sealed record TruthLine(
    ulong Address, ulong Size, ulong Physical, Rights User, Rights Supervisor, string Status, string Note)
{
    public ulong Last => Address + (Size - 1);

    public static TruthLine[] Read(string dump) =>
        [.. TestData.Lines(TestData.Path(dump, "truth.txt")).Select(Parse)];

    private static TruthLine Parse(string line)
    {
        string[] parts = line.Split(' ', 6);
        (ulong address, ulong size, ulong physical) = (QemuWalk.Hex(parts[0]), QemuWalk.Hex(parts[1]), QemuWalk.Hex(parts[2]));
        (Rights user, Rights supervisor) = ParseRights(parts[3]);
        return new TruthLine(address, size, physical, user, supervisor, parts[4], parts[5]);
    }

    /// <summary>
    /// <c>u:rw-,k:rw-</c> for both privileges, or <c>urw-</c> and <c>srw-</c> for user and supervisor pages. Of these, the
    /// supervisor may use the user's too unless the architecture says no, which is the caller's business.
    /// </summary>
    public static (Rights User, Rights Supervisor) ParseRights(string text)
    {
        if (text.StartsWith("u:", StringComparison.Ordinal))
        {
            string[] both = text.Split(',');
            return (Rights(both[0][2..]), Rights(both[1][2..]));
        }

        Rights rights = Rights(text[1..]);
        return text[0] == 'u' ? (rights, rights) : (ElfMmu.Rights.None, rights);

        Rights Rights(string letters) =>
            RightsFormat.TryParse(letters, out Rights parsed) ? parsed : throw new FormatException(text);
    }
}
