using System.Collections.ObjectModel;

namespace ElfMmu.Inspection;

/// <summary>A list that can't be changed, that PowerShell can index (it sees none of what interfaces hide), and that is a text in a table.</summary>
/// <typeparam name="T">What is in it.</typeparam>
public sealed class InfoList<T> : ReadOnlyCollection<T>
{
    internal InfoList(IEnumerable<T> items)
        : base([.. items])
    {
    }

    /// <summary>All of it, with semicolons between.</summary>
    public override string ToString() => string.Join("; ", this);
}
