using ElfMmu.Elf.Hashing;

namespace ElfMmu.Elf.Checking;

/// <summary>Whether every dynamic symbol is found by the hash tables (gABI, "Hash Table"). O(words and names).</summary>
internal sealed class HashTableCheck : IElfCheck
{
    public void Check(ElfFile file, CancellationToken cancellation)
    {
        foreach (ElfHashTable table in ElfHashTables.Of(file))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ElfDiagnostic problem in table.Problems)
            {
                file.Diagnostics.Add(problem.Id, problem.Message, problem.Offset, problem.Section);
            }
        }
    }
}
