namespace ElfMmu.Images;

/// <summary>What a search for images found.</summary>
/// <param name="Images">The images, in ascending order of addresses.</param>
/// <param name="LeftOut">How many more there are of which there is only a header and which weren't asked for.</param>
/// <param name="Pages">How many distinct physical pages of 4 KiB are mapped and were considered.</param>
/// <param name="Warnings">What was left out because of a limit, for the warning stream.</param>
public sealed record ImageSearch(IReadOnlyList<MappedImage> Images, int LeftOut, ulong Pages, IReadOnlyList<string> Warnings)
{
    /// <summary>What was looked at, for the verbose stream.</summary>
    public string Remark => $"Looked at {Pages} pages of 4 KiB; found {Images.Count} images"
        + (LeftOut == 0 ? "." : $", and {LeftOut} of which there is only a header.");
}
