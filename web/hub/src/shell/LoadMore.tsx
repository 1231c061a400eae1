// The button below a list that has more pages.
import { Button, Spinner } from "@gtvision/shared/ui";

interface Props {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: (options: { cancelRefetch: boolean }) => unknown;
  };
}

export function LoadMore({ query }: Props) {
  if (!query.hasNextPage) return null;
  return (
    <div className="flex justify-center border-t border-line p-3">
      <Button
        disabled={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage({ cancelRefetch: true })}
      >
        {query.isFetchingNextPage && <Spinner className="size-4" />}
        Carregar mais
      </Button>
    </div>
  );
}
