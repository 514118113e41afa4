namespace ElfMmu.Images;

/// <summary>How many places hold what they ought to, and how many something else.</summary>
internal struct ProbeCount
{
    public int Fits;
    public int Differs;

    /// <summary>Counts one.</summary>
    public void Add(ImageProbe probe)
    {
        Fits += probe == ImageProbe.Fits ? 1 : 0;
        Differs += probe == ImageProbe.Differs ? 1 : 0;
    }
}
