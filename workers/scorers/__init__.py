"""What measures comments: each turns texts into signals and judges nothing."""
